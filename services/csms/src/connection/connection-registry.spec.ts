import { beforeEach, describe, expect, it } from '@jest/globals';
import { CLOSE_REPLACED } from './close-codes.js';
import { ConnectionEvents, type ConnectionEvent } from './connection-log.js';
import { ConnectionRegistry } from './connection-registry.js';
import { CONTESTED_MS, SWAPS_MAX, SWAP_WINDOW_MS } from './limits.js';
import { PileConnection } from './pile-connection.js';
import { FakeClock, FakeSocket } from './testing/fake-socket.js';
import { ScriptedRouter, pileOf } from './testing/ocpp-harness.js';

let clock: FakeClock;
let bus: ConnectionEvents;
let events: ConnectionEvent[];
let registry: ConnectionRegistry;
let inherited: { epoch: number; hasBooted: boolean }[];

function admit(socket = new FakeSocket(), id = 'CP1'): PileConnection {
  return registry.admit(id, '10.0.0.9', (inheritance) => {
    inherited.push(inheritance);
    const dependencies = {
      router: new ScriptedRouter(),
      frameLog: { append: () => undefined },
      clock,
      newId: () => 'id',
      events: bus,
      onOutage: () => undefined,
      onClosed: (connection: PileConnection) => registry.remove(connection),
    };
    return new PileConnection(
      socket,
      { ...inheritance, chargePoint: pileOf(id), remoteAddress: '10.0.0.9', secure: false },
      dependencies,
    );
  });
}
const kinds = (): string[] => events.map((event) => event.kind);

beforeEach(() => {
  clock = new FakeClock();
  bus = new ConnectionEvents();
  events = [];
  bus.subscribe((event) => events.push(event));
  registry = new ConnectionRegistry(bus, clock);
  inherited = [];
});

describe('ConnectionRegistry', () => {
  it('counts piles, not sockets', () => {
    admit();
    admit();
    admit(new FakeSocket(), 'CP2');
    expect(registry.size).toBe(2);
    expect([...registry.connections()].map((connection) => connection.chargePointId)).toEqual(['CP1', 'CP2']);
  });

  it('lets a close handler remove its own socket only', () => {
    const [older, newer] = [new FakeSocket(), new FakeSocket()];
    admit(older);
    admit(newer);
    older.emit('close', 1006, Buffer.from(''));
    expect([registry.isConnected('CP1'), registry.size]).toEqual([true, 1]);
    newer.emit('close', 1006, Buffer.from(''));
    newer.emit('close', 1006, Buffer.from(''));
    expect([registry.isConnected('CP1'), registry.size]).toEqual([false, 0]);
  });

  it('ends a socket for a newer one in another process, and for no older one', () => {
    const socket = new FakeSocket();
    admit(socket);
    const epoch = inherited[0]?.epoch ?? NaN;
    for (const older of [epoch - 1, epoch]) registry.displace('CP1', older);
    registry.displace('CP2', epoch + 1);
    expect(socket.done).toEqual([]);
    registry.displace('CP1', epoch + 1);
    expect(socket.done).toEqual(['ping', `close ${CLOSE_REPLACED}`]);
  });

  it('gives epochs that grow even when the clock stands still or goes back', () => {
    for (const step of [0, 0, -500]) {
      clock.nowMs += step;
      admit();
    }
    expect(inherited.map(({ epoch }) => epoch)).toEqual([1_000_000, 1_000_001, 1_000_002]);
  });

  it('remembers that a pile has booted, for its next socket', () => {
    admit();
    bus.publish({ at: 1, chargePointId: 'CP1', kind: 'booted', epoch: 1 });
    admit();
    admit(new FakeSocket(), 'CP2');
    expect(inherited.map(({ hasBooted }) => hasBooted)).toEqual([false, true, false]);
  });

  it('alarms at the limit of swaps in the window, and gives commands back afterwards', async () => {
    const socket = new FakeSocket();
    for (let swap = 0; swap <= SWAPS_MAX; swap++) admit(swap === SWAPS_MAX ? socket : new FakeSocket());
    expect(kinds().filter((kind) => kind === 'contested')).toHaveLength(1);
    expect(await registry.call('CP1', 'ClearCache', {}, 10)).toEqual({ type: 'not-connected' });
    clock.nowMs += CONTESTED_MS;
    void registry.call('CP1', 'ClearCache', {}, 10);
    expect(socket.sent).toEqual(['[2,"id","ClearCache",{}]']);
  });

  it('takes slow swaps for an unsteady link', () => {
    for (let swap = 0; swap < SWAPS_MAX * 2; swap++) {
      admit();
      clock.nowMs += SWAP_WINDOW_MS / 2;
    }
    expect(kinds()).not.toContain('contested');
  });

  it('sweeps every socket', async () => {
    admit();
    const ended = registry.call('CP1', 'ClearCache', {}, 10);
    registry.sweep(clock.nowMs + 10);
    expect(await ended).toEqual({ type: 'timeout' });
  });
});
