import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { FrameReader, OPCODE_CLOSE, OPCODE_PING, OPCODE_PONG, OPCODE_TEXT, clientFrame } from './ws-frames.js';

/** Where and as whom a pile connects. */
export interface PileAddress {
  readonly port: number;
  readonly id: string;
  /** Forty hexadecimal characters. */
  readonly password: string;
}

/** A handshake that takes longer has failed. */
export const OPEN_MS_MAX = 60_000;
const NO_PAYLOAD = Buffer.alloc(0);

/** One virtual pile as cheap as can be: prebuilt frames on a TCP socket, one call in flight. */
export class BenchPile {
  private readonly reader = new FrameReader();
  private onAnswer: ((payload: Buffer) => void) | undefined;
  private onLost: ((fault: Error) => void) | undefined;
  isOpen = true;

  private constructor(
    readonly id: string,
    private readonly socket: Socket,
  ) {
    socket.on('data', (chunk: Buffer) => this.accept(chunk));
    socket.on('close', () => {
      this.isOpen = false;
      this.onLost?.(new Error(`${id} lost its socket`));
    });
  }

  /** Resolves after the server's 101; rejects with its status line. */
  static open(address: PileAddress): Promise<BenchPile> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port: address.port, host: '127.0.0.1', noDelay: true }, () =>
        socket.write(upgradeRequest(address)),
      );
      const give = (fault: Error): void => {
        socket.destroy();
        reject(fault);
      };
      let head = '';
      socket.setTimeout(OPEN_MS_MAX, () => give(new Error(`${address.id} was not answered`)));
      socket.on('error', give);
      const closed = (): void => give(new Error(`${address.id} was refused`));
      socket.once('close', closed);
      const read = (chunk: Buffer): void => {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end === -1) return;
        if (!head.startsWith('HTTP/1.1 101'))
          return give(new Error(`${address.id}: ${head.slice(0, head.indexOf('\r'))}`));
        socket.off('data', read).off('close', closed).setTimeout(0);
        const pile = new BenchPile(address.id, socket);
        const rest = Buffer.from(head.slice(end + 4), 'latin1');
        if (rest.length > 0) pile.accept(rest);
        resolve(pile);
      };
      socket.on('data', read);
    });
  }

  /** Sends one call and answers the payload of the next CALLRESULT or CALLERROR frame. */
  call(frame: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.onLost = reject;
      this.send(frame, resolve);
    });
  }

  /** As {@link call}, without a promise per call. */
  send(frame: Buffer, onAnswer: (payload: Buffer) => void): void {
    this.onAnswer = onAnswer;
    this.socket.write(frame);
  }

  /** Cuts the link without a closing handshake, and without holding its port back. */
  cut(): void {
    this.isOpen = false;
    this.onLost = undefined;
    this.socket.resetAndDestroy();
  }

  private accept(chunk: Buffer): void {
    this.reader.push(chunk, (opcode, payload) => {
      // A CALL of the central system starts with [2: a load answers none.
      if (opcode === OPCODE_TEXT && payload[1] !== CALL_DIGIT) this.onAnswer?.(payload);
      else if (opcode === OPCODE_PING) this.socket.write(clientFrame(NO_PAYLOAD, OPCODE_PONG));
      else if (opcode === OPCODE_CLOSE) this.socket.destroy();
    });
  }
}
const CALL_DIGIT = '2'.charCodeAt(0);

function upgradeRequest({ id, password }: PileAddress): string {
  const credentials = Buffer.from(`${id}:${password}`).toString('base64');
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

/** The frame of a CALL. */
export function callFrame(messageId: string, action: string, payload: object): Buffer {
  return clientFrame(Buffer.from(JSON.stringify([2, messageId, action, payload])));
}
