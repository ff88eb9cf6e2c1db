import { WebSocketServer, type WebSocket } from 'ws';
import { createServer } from 'node:http';

/** The limit: bare `ws` and JSON.parse, no authentication, no validation, no store. A process of its own. */
const server = createServer();
const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket: WebSocket) => {
  socket.on('message', (data: Buffer) => {
    const [, messageId] = JSON.parse(data.toString('utf8')) as [number, string];
    socket.send(JSON.stringify([3, messageId, {}]));
  });
  socket.on('error', () => socket.terminate());
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
});
// The bench is gone: so is its limit.
process.on('disconnect', () => process.exit(0));
