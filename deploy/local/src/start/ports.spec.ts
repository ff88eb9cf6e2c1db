import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { freePort, requireFreePort } from './ports.js';

describe('ports', () => {
  let taken: Server | undefined;
  afterEach(() => void taken?.close());

  it('accepts a free port and leaves it free', async () => {
    const port = await freePort();
    await requireFreePort('127.0.0.1', port, '--port');
    await requireFreePort('127.0.0.1', port, '--port');
  });

  it('names the flag that moves a taken port', async () => {
    const port = await freePort();
    const server = createServer();
    taken = server;
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await expect(requireFreePort('127.0.0.1', port, '--ocpp-port')).rejects.toThrow(
      `Port ${port} is taken: choose another one with --ocpp-port PORT.`,
    );
  });

  it('says so when the address is not this machine’s', async () => {
    await expect(requireFreePort('192.0.2.1', 9_000, '--port')).rejects.toThrow('Cannot listen on 192.0.2.1:9000');
  });
});
