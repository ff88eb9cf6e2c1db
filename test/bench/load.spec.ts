import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { OPEN_MS_MAX, type BenchPile } from './bench-pile.js';
import { CallTemplate } from './call-template.js';
import { DIALS_MAX, closedLoop, openPiles, pacedLoop, redial, stretch } from './load.js';

const heartbeat = (): CallTemplate => new CallTemplate('Heartbeat', {});

describe('a load on sockets', () => {
  let server: WebSocketServer;
  let answer: (frame: unknown[]) => unknown = ([, id]) => [3, id, {}];
  let port = 0;
  /** Of the next answer alone. */
  let delayMs = 0;
  let piles: BenchPile[] = [];
  beforeAll(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket) => {
      socket.send('[2,"their-own","Reset",{"type":"Soft"}]');
      socket.on('message', (data: Buffer) => {
        const reply = JSON.stringify(answer(JSON.parse(data.toString())));
        setTimeout(() => socket.send(reply), delayMs);
        delayMs = 0;
      });
    });
    await new Promise((resolve) => server.once('listening', resolve));
    port = (server.address() as AddressInfo).port;
    const addresses = ['a', 'b', 'c'].map((id) => ({ port, id, password: '00'.repeat(20) }));
    piles = await openPiles(addresses, 2);
  });
  afterAll(() => {
    for (const pile of piles) pile.cut();
    server.close();
  });

  it('counts what is answered, not what the server calls', async () => {
    expect(piles.map(({ id }) => id).sort()).toEqual(['a', 'b', 'c']);
    const measured = await stretch([process.pid], () => closedLoop(piles, heartbeat, 50));
    expect(measured.units).toBeGreaterThan(3);
    expect(measured.elapsedMs).toBeGreaterThanOrEqual(50);
    expect(measured.cpuMs).toBeGreaterThanOrEqual(0);
  });

  it('paces calls over the piles', async () => {
    const latencies = await pacedLoop(piles, piles.map(heartbeat), 200, 100);
    expect(latencies.length).toBeGreaterThanOrEqual(10);
    expect(latencies.length).toBeLessThanOrEqual(25);
    expect(Math.min(...latencies)).toBeGreaterThan(0);
  });

  it('has one call in flight per pile, and counts the wait of the next one', async () => {
    delayMs = 200;
    const latencies = await pacedLoop(piles, piles.map(heartbeat), 100, 300);
    expect(latencies.filter((ms) => ms > 50).length).toBeGreaterThanOrEqual(3);
  });

  it('fails on a CALLERROR and on a lost socket', async () => {
    const usual = answer;
    answer = ([, id]) => [4, id, 'InternalError', '', {}];
    await expect(closedLoop(piles, heartbeat, 10)).rejects.toThrow('was answered [4,');
    answer = usual;
    const [pile] = piles;
    const lost = closedLoop(pile === undefined ? [] : [pile], heartbeat, 10_000);
    for (const socket of server.clients) socket.terminate();
    await expect(lost).rejects.toThrow('lost its socket');
  });

  it('gives up on a door that stays shut', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(redial({ port, id: 'a', password: '' }, 1)).rejects.toThrow();
    expect(DIALS_MAX).toBeGreaterThan(1);
    expect(OPEN_MS_MAX).toBeLessThanOrEqual(60_000);
  });
});
