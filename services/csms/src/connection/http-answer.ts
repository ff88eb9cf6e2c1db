import type { Duplex } from 'node:stream';

const REASONS = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;
export type HttpStatus = keyof typeof REASONS;

/** Answers on a socket that has left Node's HTTP server. Bodies are fixed: they never echo the request (C13). */
export function answerHttp(socket: Duplex, status: HttpStatus, retryAfterS?: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const body = `${REASONS[status]}\n`;
  const headers = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    'Connection: close',
    'Content-Type: text/plain',
    `Content-Length: ${body.length}`,
    ...(status === 401 ? ['WWW-Authenticate: Basic realm="ocpp"'] : []),
    ...(retryAfterS === undefined ? [] : [`Retry-After: ${retryAfterS}`]),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${headers.join('\r\n')}\r\n\r\n${body}`);
}
