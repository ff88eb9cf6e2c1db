import { beforeEach, describe, expect, it } from '@jest/globals';
import { CLOSE_POLICY_VIOLATION, CLOSE_REPLACED } from './close-codes.js';
import { ConnectionEvents, type ConnectionEvent } from './connection-log.js';
import {
  BAD_FRAMES_MAX,
  BOOT_TIMEOUT_MS,
  BUFFERED_BYTES_MAX,
  LOGGED_ID_LENGTH_MAX,
  MESSAGES_PER_S_MAX,
  MESSAGE_BURST_MAX,
  PING_INTERVAL_MS,
  SILENCE_MS_MAX,
} from './limits.js';
import { PileConnection, type PileConnectionFacts } from './pile-connection.js';
import { FakeClock, FakeSocket } from './testing/fake-socket.js';
import { ScriptedRouter, pileOf } from './testing/ocpp-harness.js';

let socket: FakeSocket;
let clock: FakeClock;
let router: ScriptedRouter;
let events: ConnectionEvent[];
let outages: number;

function connectionOf(more: Partial<PileConnectionFacts> = {}): PileConnection {
  const bus = new ConnectionEvents();
  bus.subscribe((event) => events.push(event));
  const facts = {
    chargePoint: pileOf('CP1'),
    epoch: 7,
    remoteAddress: '10.0.0.9',
    secure: false,
    hasBooted: true,
    predecessor: undefined,
  };
  return new PileConnection(
    socket,
    { ...facts, ...more },
    {
      router,
      frameLog: { append: () => undefined },
      clock,
      newId: () => 'id',
      events: bus,
      onOutage: () => void outages++,
      onClosed: () => undefined,
    },
  );
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  socket = new FakeSocket();
  clock = new FakeClock();
  router = new ScriptedRouter();
  events = [];
  outages = 0;
});

describe('liveness', () => {
  it('pings every interval and goes on while the peer answers', () => {
    const connection = connectionOf();
    for (let interval = 1; interval <= 4; interval++) {
      clock.nowMs += PING_INTERVAL_MS;
      connection.sweep(clock.nowMs);
      socket.emit('pong');
    }
    expect(socket.done).toEqual(['ping', 'ping', 'ping', 'ping']);
  });

  it('ends a peer that is silent for two intervals', () => {
    const connection = connectionOf();
    clock.nowMs += SILENCE_MS_MAX - 1;
    connection.sweep(clock.nowMs);
    expect(socket.done).toEqual(['ping']);
    clock.nowMs += 1;
    connection.sweep(clock.nowMs);
    expect(socket.done).toEqual(['ping', 'terminate']);
  });

  it('takes every frame for a sign of life', () => {
    const connection = connectionOf();
    clock.nowMs += SILENCE_MS_MAX - 1;
    socket.hear('[2,"1","Heartbeat",{}]');
    clock.nowMs += SILENCE_MS_MAX - 1;
    connection.sweep(clock.nowMs);
    expect(socket.done).not.toContain('terminate');
  });

  it('closes a socket that says nothing for a minute, unless the pile has booted before', () => {
    const silent = connectionOf({ hasBooted: false });
    clock.nowMs += BOOT_TIMEOUT_MS - 1;
    socket.emit('pong');
    silent.sweep(clock.nowMs);
    expect(socket.done).toEqual(['ping']);
    clock.nowMs += 1;
    silent.sweep(clock.nowMs);
    expect(socket.done.at(-1)).toBe(`close ${CLOSE_POLICY_VIOLATION}`);
    socket = new FakeSocket();
    const back = connectionOf({ hasBooted: true });
    clock.nowMs += BOOT_TIMEOUT_MS - 1;
    socket.emit('pong');
    back.sweep(clock.nowMs + 1);
    expect(socket.done).toEqual(['ping']);
  });
});

describe('slow readers', () => {
  it('drops one on the next answer, and in the sweep', async () => {
    const connection = connectionOf();
    socket.bufferedAmount = BUFFERED_BYTES_MAX + 1;
    socket.hear('[2,"1","Heartbeat",{}]');
    await settle();
    expect([socket.done, socket.sent]).toEqual([['terminate'], []]);
    connection.sweep(clock.nowMs);
    expect(socket.done).toEqual(['terminate', 'terminate']);
    socket.bufferedAmount = BUFFERED_BYTES_MAX;
    connection.sweep(clock.nowMs);
    expect(socket.done).toHaveLength(2);
  });
});

describe('rate of one identity', () => {
  it('lets a burst pass and then delays, without refusing anything', () => {
    const connection = connectionOf();
    for (let message = 0; message < MESSAGE_BURST_MAX; message++) expect(connection.delayBeforeMs()).toBe(0);
    expect(connection.delayBeforeMs()).toBe(1000 / MESSAGES_PER_S_MAX);
    clock.nowMs += 10_000;
    expect(connection.delayBeforeMs()).toBe(0);
  });

  it('does not count transaction messages', async () => {
    connectionOf();
    for (let message = 0; message < MESSAGE_BURST_MAX * 2; message++) socket.hear(`[2,"${message}","MeterValues",{}]`);
    await settle();
    expect(socket.sent).toHaveLength(MESSAGE_BURST_MAX * 2);
  });

  it('holds back what comes after the burst, but answers it', async () => {
    connectionOf();
    for (let message = 0; message <= MESSAGE_BURST_MAX; message++) socket.hear(`[2,"${message}","Heartbeat",{}]`);
    await settle();
    expect(socket.sent).toHaveLength(MESSAGE_BURST_MAX);
    await new Promise((resolve) => setTimeout(resolve, 2 * (1000 / MESSAGES_PER_S_MAX)));
    expect(socket.sent).toHaveLength(MESSAGE_BURST_MAX + 1);
  });

  it('means nothing for a recorded pile', () => {
    const connection = connectionOf({ chargePoint: pileOf('CP1', { clock: 'recorded', simulated: true }) });
    for (let message = 0; message < MESSAGE_BURST_MAX * 3; message++) expect(connection.delayBeforeMs()).toBe(0);
  });
});

describe('closing', () => {
  it('pings and closes a displaced socket; its queued calls still count, newer frames do not', async () => {
    router.answer = () => Promise.resolve({ type: 'result', payload: {} });
    const connection = connectionOf();
    socket.hear('[2,"1","StopTransaction",{}]');
    socket.hear('[2,"2","StopTransaction",{}]');
    connection.displace();
    socket.hear('[2,"3","StopTransaction",{}]');
    await connection.drained;
    expect(socket.done).toEqual(['ping', `close ${CLOSE_REPLACED}`]);
    expect(router.calls.map((call) => call.messageId)).toEqual(['1', '2']);
    expect(socket.sent).toEqual([]);
  });

  it('reports an outage once per reply that says so', async () => {
    router.answer = () => ({ type: 'close', reason: 'not stored' });
    connectionOf();
    socket.hear('[2,"1","StopTransaction",{}]');
    await settle();
    expect(outages).toBe(0);
    socket = new FakeSocket();
    router.answer = () => ({ type: 'close', reason: 'store unavailable', outage: true });
    connectionOf();
    socket.hear('[2,"1","StopTransaction",{}]');
    await settle();
    expect(outages).toBe(1);
  });

  it('tells when it opens, boots and closes', async () => {
    router.answer = () => ({ type: 'result', payload: { status: 'Accepted', currentTime: 'x', interval: 1 } });
    connectionOf();
    socket.hear('[2,"1","BootNotification",{}]');
    await settle();
    socket.emit('close', 1006, Buffer.from(''));
    expect(events).toEqual([
      { at: clock.nowMs, chargePointId: 'CP1', epoch: 7, kind: 'connected', remoteAddress: '10.0.0.9', secure: false },
      { at: clock.nowMs, chargePointId: 'CP1', epoch: 7, kind: 'booted' },
      { at: clock.nowMs, chargePointId: 'CP1', epoch: 7, kind: 'disconnected', code: 1006, reason: '' },
    ]);
  });

  it('cuts the id of an answer to nothing before it reaches the log', () => {
    connectionOf();
    socket.hear(`[3,"${'x'.repeat(100_000)}",{}]`);
    expect(events.at(-1)).toMatchObject({
      kind: 'late-answer',
      messageId: 'x'.repeat(LOGGED_ID_LENGTH_MAX),
      known: false,
    });
  });

  it('closes a socket that answers what nobody asked, again and again', () => {
    connectionOf();
    for (let answer = 0; answer <= BAD_FRAMES_MAX * 2; answer++) socket.hear(`[3,"${answer}",{}]`);
    expect(socket.done).toEqual([`close ${CLOSE_POLICY_VIOLATION}`]);
    expect(events.filter((event) => event.kind === 'late-answer').length).toBeLessThanOrEqual(BAD_FRAMES_MAX + 1);
  });

  it('does not take a pending boot for a boot', async () => {
    router.answer = () => ({ type: 'result', payload: { status: 'Pending', currentTime: 'x', interval: 1 } });
    connectionOf();
    socket.hear('[2,"1","BootNotification",{}]');
    await settle();
    expect(events.map((event) => event.kind)).toEqual(['connected']);
  });
});
