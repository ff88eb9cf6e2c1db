import { describe, expect, it } from '@jest/globals';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { PORT_FREE_MS_MAX } from './network.js';
import { CONNECT_MS_MAX, eventually, isFree, READY_MS_MAX } from './readiness.js';

describe('waiting', () => {
  it('answers as soon as an attempt succeeds', async () => {
    let attempts = 0;
    const answer = await eventually('it works', async () => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
      return 'done';
    });
    expect([answer, attempts]).toEqual(['done', 3]);
  });

  it('ends with what was waited for and the last reason', async () => {
    const waiting = eventually('the peer joins', () => Promise.reject(new Error('no route')), 50);
    await expect(waiting).rejects.toThrow('the peer joins: not within 0.05 s. no route');
    expect(READY_MS_MAX).toBeGreaterThan(PORT_FREE_MS_MAX);
  });
});

describe('a port', () => {
  it('is free until somebody listens there', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(isFree('127.0.0.1', port)).rejects.toThrow('Somebody answers');
    server.close();
    await once(server, 'close');
    const started = performance.now();
    await isFree('127.0.0.1', port);
    expect(performance.now() - started).toBeLessThan(CONNECT_MS_MAX * 5);
  });
});
