import { beforeEach, describe, expect, it } from '@jest/globals';
import type { CallReply } from '../ocpp/call.js';
import { INBOUND_QUEUE_MAX } from './limits.js';
import type { LoggedFrame } from './pile-caller.js';
import { RpcConnection, type RpcTransport } from './rpc-connection.js';
import { FakeClock } from './testing/fake-socket.js';
import { ScriptedRouter } from './testing/ocpp-harness.js';

class FakeTransport implements RpcTransport {
  readonly sent: string[] = [];
  readonly log: string[] = [];
  delayMs = 0;
  send = (text: string): void => void this.sent.push(text);
  pauseReading = (): void => void this.log.push('pause');
  resumeReading = (): void => void this.log.push('resume');
  delayBeforeMs = (): number => this.delayMs;
  badFrame = (): void => void this.log.push('bad');
  answered = (action: string, reply: CallReply): void => void this.log.push(`${action} ${reply.type}`);
  answeredLate = (messageId: string, isKnown: boolean): void => void this.log.push(`late ${messageId} ${isKnown}`);
}

let transport: FakeTransport;
let router: ScriptedRouter;
let frames: LoggedFrame[];

function connectionOf(predecessor?: Promise<void>): RpcConnection {
  const dependencies = {
    router,
    frameLog: { append: (frame: LoggedFrame) => void frames.push(frame) },
    clock: new FakeClock(),
    newId: () => 'id',
  };
  return new RpcConnection('CP1', 7, transport, dependencies, predecessor);
}
const answerLater = (): Promise<CallReply> => Promise.resolve({ type: 'result', payload: {} });
const heartbeat = (id: number | string): string => `[2,"${id}","Heartbeat",{}]`;

beforeEach(() => {
  transport = new FakeTransport();
  router = new ScriptedRouter();
  frames = [];
});

describe('RpcConnection', () => {
  it('hands calls over with pile, epoch and arrival', async () => {
    const connection = connectionOf();
    connection.receive(heartbeat(1));
    await connection.drained;
    expect(router.calls).toEqual([
      {
        chargePointId: 'CP1',
        connectionEpoch: 7,
        messageId: '1',
        action: 'Heartbeat',
        payload: {},
        rawFrame: heartbeat(1),
        receivedAtMs: 1_000_000,
        flags: [],
      },
    ]);
    expect([transport.sent, transport.log]).toEqual([['[3,"1",{}]'], ['Heartbeat result']]);
  });

  it('answers in the turn of arrival what waits for nothing, and in order after what waits', async () => {
    const connection = connectionOf();
    let release = (): void => undefined;
    const stored = new Promise<void>((resolve) => (release = resolve));
    router.answer = async () => {
      await stored;
      return { type: 'result', payload: { stored: true } };
    };
    connection.receive(heartbeat('slow'));
    router.answer = () => ({ type: 'result', payload: {} });
    connection.receive(heartbeat('behind'));
    expect([router.calls.length, transport.sent]).toEqual([1, []]);
    release();
    await connection.drained;
    connection.receive(heartbeat('alone'));
    expect(transport.sent).toEqual(['[3,"slow",{"stored":true}]', '[3,"behind",{}]', '[3,"alone",{}]']);
  });

  it('stops reading at the limit and starts again at half of it', async () => {
    router.answer = answerLater;
    const connection = connectionOf();
    for (let id = 0; id < INBOUND_QUEUE_MAX; id++) connection.receive(heartbeat(id));
    expect(transport.log).toEqual([]);
    connection.receive(heartbeat('last'));
    expect(transport.log).toEqual(['pause']);
    await connection.drained;
    expect(transport.log.filter((entry) => entry === 'resume')).toHaveLength(1);
    expect(transport.log.indexOf('resume')).toBeGreaterThan(INBOUND_QUEUE_MAX / 2);
    expect(transport.sent).toHaveLength(INBOUND_QUEUE_MAX + 1);
  });

  it('delays what is over the rate, but no transaction message', async () => {
    transport.delayMs = 200;
    const connection = connectionOf();
    const startedAtMs = performance.now();
    connection.receive('[2,"1","StopTransaction",{}]');
    await connection.drained;
    expect(performance.now() - startedAtMs).toBeLessThan(150);
    connection.receive(heartbeat(2));
    await connection.drained;
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(199);
  });

  it('waits for the calls of the former socket', async () => {
    let release = (): void => undefined;
    const connection = connectionOf(new Promise((resolve) => (release = resolve)));
    connection.receive(heartbeat(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(router.calls).toEqual([]);
    release();
    await connection.drained;
    expect(router.calls).toHaveLength(1);
  });

  it('answers nothing after a close reply and forgets what waits', async () => {
    router.answer = () => ({ type: 'close', reason: 'store unavailable', outage: true });
    const connection = connectionOf();
    connection.receive(heartbeat(1));
    connection.receive(heartbeat(2));
    await connection.drained;
    connection.receive(heartbeat(3));
    expect([router.calls.length, transport.sent, transport.log]).toEqual([1, [], ['Heartbeat close']]);
  });

  it('logs both directions, malformed text included', () => {
    const connection = connectionOf();
    connection.receive('nonsense');
    void connection.call('ClearCache', {}, 10);
    expect(frames.map(({ direction, action, messageId }) => [direction, action, messageId])).toEqual([
      ['in', undefined, '-1'],
      ['out', undefined, '-1'],
      ['out', 'ClearCache', 'id'],
    ]);
    expect(transport.log).toEqual(['bad']);
  });

  it('ignores other message types, but counts them', () => {
    connectionOf().receive('[9,"1","x"]');
    expect([transport.sent, transport.log, frames]).toEqual([[], ['bad'], []]);
  });
});
