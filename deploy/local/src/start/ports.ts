import { createServer } from 'node:net';
import { KnownFault } from '../embedded-database/errors.js';

function tryListen(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** Refuses a start on a taken port with the flag that moves it. */
export async function requireFreePort(host: string, port: number, flag: string): Promise<void> {
  const error = await tryListen(host, port);
  if (error === undefined) return;
  if (error.code === 'EADDRINUSE') throw new KnownFault(`Port ${port} is taken: choose another one with ${flag} PORT.`);
  if (error.code === 'EACCES')
    throw new KnownFault(`Port ${port} is not allowed for this user: choose one above 1023 with ${flag} PORT.`);
  throw new KnownFault(`Cannot listen on ${host}:${port} (${error.code ?? error.message}).`);
}

/** A port that was free a moment ago, for traffic between our own processes. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
