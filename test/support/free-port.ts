import { createServer } from 'node:net';

/** A port of the loopback interface that nobody had a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** Below the ports that the system gives to outgoing connections. */
const ROWS_FROM = 20_000;
const ROWS_TO = 32_000;

/** The first of `count` ports in a row that nobody had a moment ago; runs beside each other begin to look elsewhere. */
export async function freePortRow(count: number): Promise<number> {
  const rows = Math.floor((ROWS_TO - ROWS_FROM) / count);
  for (let tried = 0; tried < rows; tried += 1) {
    const first = ROWS_FROM + ((process.pid + tried) % rows) * count;
    const ports = Array.from({ length: count }, (_none, index) => first + index);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
