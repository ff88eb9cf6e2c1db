import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { FrameReader } from '../bench/ws-frames.js';
import type { Prng } from '../support/prng.js';
import type { Line, LineListener } from './pile-run.js';
import {
  OPCODE_CLOSE,
  OPCODE_PING,
  OPCODE_PONG,
  OPCODE_TEXT,
  PROVOCATIONS,
  encodeFrame,
  encodeText,
} from './wire-frames.js';

/** A socket that ends without a closing handshake (RFC 6455, never on the wire). */
const CLOSE_ABNORMAL = 1006;
const OPEN_MS_MAX = 60_000;

export interface SocketAddress {
  readonly port: number;
  readonly id: string;
  readonly key: Buffer;
}

/** A pile's WebSocket, written by hand so that every rule of it can be broken. */
export class SocketLine implements Line {
  private readonly reader = new FrameReader();
  isOpen = true;
  private code = CLOSE_ABNORMAL;
  private reason = '';

  private constructor(
    private readonly socket: Socket,
    private readonly random: Prng,
    private readonly listener: LineListener,
  ) {
    socket.on('data', (chunk: Buffer) => this.accept(chunk));
    socket.on('close', () => {
      this.isOpen = false;
      listener.closed(this.code, this.reason);
    });
  }

  /** Resolves after the server's 101; rejects with its status line. */
  static open({ port, id, key }: SocketAddress, random: Prng, listener: LineListener): Promise<SocketLine> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => socket.write(upgradeOf(id, key)));
      const give = (fault: Error): void => {
        socket.destroy();
        reject(fault);
      };
      let head = '';
      socket.setTimeout(OPEN_MS_MAX, () => give(new Error(`${id} was not answered`)));
      socket.on('error', give);
      const refused = (): void => give(new Error(`${id} was refused`));
      socket.once('close', refused);
      const read = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!head.startsWith('HTTP/1.1 101')) return give(new Error(`${id}: ${head.slice(0, head.indexOf('\r'))}`));
        socket.off('data', read).off('close', refused).setTimeout(0);
        const line = new SocketLine(socket, random, listener);
        const rest = Buffer.from(head.slice(end + 4), 'latin1');
        if (rest.length > 0) line.accept(rest);
        resolve(line);
      };
      socket.on('data', read);
    });
  }

  send(frame: Buffer): void {
    if (this.isOpen) this.socket.write(encodeText(frame, this.random));
  }

  provoke(random: Prng): void {
    const { bytes, leaves } = random.pick(PROVOCATIONS);
    this.socket.write(bytes, () => {
      if (leaves === 'end') this.socket.end();
      if (leaves === 'reset') this.socket.resetAndDestroy();
    });
  }

  end(): void {
    this.socket.resetAndDestroy();
  }

  private accept(chunk: Buffer): void {
    this.reader.push(chunk, (opcode, payload) => {
      if (opcode === OPCODE_TEXT) this.listener.heard(payload.toString('utf8'));
      else if (opcode === OPCODE_PING) this.socket.write(encodeFrame({ payload, opcode: OPCODE_PONG }));
      else if (opcode === OPCODE_CLOSE) this.closing(payload);
    });
  }

  private closing(payload: Buffer): void {
    this.isOpen = false;
    this.code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    this.reason = payload.subarray(2).toString('utf8');
    this.socket.end(encodeFrame({ payload: payload.subarray(0, 2), opcode: OPCODE_CLOSE }));
  }
}

function upgradeOf(id: string, key: Buffer): string {
  const credentials = Buffer.concat([Buffer.from(`${id}:`), Buffer.from(key.toString('hex'))]).toString('base64');
  return [
    `GET /ocpp/${id} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    'Sec-WebSocket-Protocol: ocpp1.6',
    `Authorization: Basic ${credentials}`,
    '\r\n',
  ].join('\r\n');
}
