import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AcknowledgedStop } from '../support/books-snapshot.js';
import { Prng } from '../support/prng.js';
import { Charger } from './charger.js';

type Call = readonly [type: number, messageId: string, action: string, payload: { readonly [field: string]: unknown }];

/** Answers like a Central System as long as `misbehave` lets it. */
describe('fault charger', () => {
  let server: WebSocketServer;
  let misbehave: (call: Call, socket: WebSocket) => 'answer' | 'said' = () => 'answer';
  const calls: Call[] = [];
  const stops: AcknowledgedStop[] = [];
  let charger: Charger;
  let acknowledged: number;

  beforeEach(async () => {
    calls.length = stops.length = acknowledged = 0;
    server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => 'ocpp1.6' });
    server.on('connection', (socket) => socket.on('message', (data: Buffer) => answer(socket, data)));
    await once(server, 'listening');
    charger = chargerOf(1);
  });
  afterEach(async () => {
    for (const socket of server.clients) socket.terminate();
    await new Promise((resolve) => server.close(resolve));
    misbehave = () => 'answer';
  });

  function answer(socket: WebSocket, data: Buffer): void {
    const call = JSON.parse(data.toString('utf8')) as Call;
    if (call[0] !== 2) return;
    if (call[2] !== 'BootNotification') calls.push(call);
    if (misbehave(call, socket) === 'said') return;
    socket.send(JSON.stringify([3, call[1], call[2] === 'StartTransaction' ? { transactionId: 7 } : {}]));
  }
  function chargerOf(seed: number): Charger {
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const options = { id: 'CP', password: 'p', url, idTag: 'T', random: new Prng(seed), firstStartMs: 0 };
    return new Charger(options, {
      acknowledged: () => (acknowledged += 1),
      stopped: (stop) => {
        stops.push(stop);
        charger.finish();
      },
    });
  }
  const sent = (action: string): Call[] => calls.filter((call) => call[2] === action);

  it('tells of a Stop that was acknowledged, with what it said', async () => {
    await charger.play(0);
    expect(calls.map(([, , action]) => action)).toEqual(['StartTransaction', 'StopTransaction']);
    const [, , , said] = sent('StopTransaction')[0] ?? [2, '', '', {}];
    expect(stops).toEqual([
      {
        chargePointId: 'CP',
        transactionId: 7,
        startedAt: '1970-01-01T00:00:00.000Z',
        meterStartWh: 1_000,
        meterStopWh: said['meterStop'],
      },
    ]);
    expect([acknowledged, charger.resends, charger.callErrors]).toEqual([2, 0, 0]);
  });

  it('sends a Stop again, unchanged, until a CALLRESULT answers it, and counts every CALLERROR', async () => {
    let faults = 4;
    misbehave = ([, messageId, action], socket) => {
      if (action !== 'StopTransaction' || faults === 0) return 'answer';
      faults -= 1;
      if (faults % 2 === 0) socket.send(JSON.stringify([4, messageId, 'InternalError', '', {}]));
      else socket.terminate();
      return 'said';
    };
    await charger.play(0);
    expect(new Set(sent('StopTransaction').map(([, , , payload]) => JSON.stringify(payload))).size).toBe(1);
    expect(sent('StopTransaction')).toHaveLength(5);
    expect(stops).toHaveLength(1);
    expect([charger.resends, charger.callErrors]).toEqual([4, 2]);
  });

  it('believes no answer but that to its own message', async () => {
    misbehave = ([, , action], socket) => {
      if (action !== 'StopTransaction' || charger.resends > 0) return 'answer';
      socket.send(JSON.stringify([3, 'another', {}]));
      setTimeout(() => socket.terminate(), 20);
      return 'said';
    };
    await charger.play(0);
    expect(sent('StopTransaction')).toHaveLength(2);
    expect(stops).toHaveLength(1);
  });

  it('sends again with its old id and with a new one', async () => {
    let faults = 12;
    misbehave = ([, , action], socket) => {
      if (action !== 'StartTransaction' || faults === 0) return 'answer';
      faults -= 1;
      socket.terminate();
      return 'said';
    };
    await charger.play(0);
    const ids = new Set(sent('StartTransaction').map(([, messageId]) => messageId)).size;
    expect(ids).toBeGreaterThan(1);
    expect(ids).toBeLessThan(sent('StartTransaction').length);
  });

  it('plays the same sessions from the same seed', async () => {
    const energies: unknown[] = [];
    for (const seed of [3, 3, 4]) {
      charger = chargerOf(seed);
      await charger.play(0);
      energies.push(stops.at(-1)?.meterStopWh);
    }
    expect(energies[0]).toBe(energies[1]);
    expect(energies[0]).not.toBe(energies[2]);
  });
});
