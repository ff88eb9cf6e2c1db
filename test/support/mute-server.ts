import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface MuteServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Accepts every connection and never says a word: a frozen server, to whoever waits for it. */
export async function muteServer(): Promise<MuteServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Who gives up may reset the connection.
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
