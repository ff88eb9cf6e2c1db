import type { Prng } from '../support/prng.js';

/** RFC 6455 as a client writes it, right or wrong at will. */
export interface WireFrame {
  readonly payload: Buffer;
  readonly opcode: number;
  readonly final?: boolean;
  /** RSV bits, which mean nothing without an extension. */
  readonly reserved?: number;
  readonly masked?: boolean;
  /** Claimed length, when it is not the real one. */
  readonly length?: bigint;
}

const CONTINUATION = 0x0;
const TEXT = 0x1;
const BINARY = 0x2;
const CLOSE = 0x8;
const PING = 0x9;
const MASK = Buffer.of(0x37, 0xfa, 0x21, 0x3d);
/** Of the 64 that the server takes. */
const FRAGMENTS_MAX = 60;
const FRAGMENTED_SHARE = 0.1;

export function encodeFrame({ payload, opcode, final = true, reserved = 0, masked = true, length }: WireFrame): Buffer {
  const claimed = length ?? BigInt(payload.length);
  const head = Buffer.alloc(claimed < 126n ? 2 : claimed < 65_536n ? 4 : 10);
  head[0] = (final ? 0x80 : 0) | (reserved << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (claimed < 126n ? Number(claimed) : claimed < 65_536n ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(Number(claimed), 2);
  if (head.length === 10) head.writeBigUInt64BE(claimed, 2);
  if (!masked) return Buffer.concat([head, payload]);
  const hidden = Buffer.from(payload);
  for (let at = 0; at < hidden.length; at++) hidden[at] = (hidden[at] ?? 0) ^ (MASK[at % 4] ?? 0);
  return Buffer.concat([head, MASK, hidden]);
}

/** A text message, now and then in many frames with pings between them, as a proxy might make of it. */
export function encodeText(payload: Buffer, random: Prng): Buffer {
  if (payload.length < 2 || random.next() > FRAGMENTED_SHARE) return encodeFrame({ payload, opcode: TEXT });
  const count = random.between(2, FRAGMENTS_MAX);
  const size = Math.max(1, Math.ceil(payload.length / count));
  const frames: Buffer[] = [];
  for (let at = 0; at < payload.length; at += size) {
    const final = at + size >= payload.length;
    frames.push(
      encodeFrame({ payload: payload.subarray(at, at + size), opcode: at === 0 ? TEXT : CONTINUATION, final }),
    );
    if (!final && random.next() < 0.1) frames.push(encodeFrame({ payload: Buffer.from('p'), opcode: PING }));
  }
  return Buffer.concat(frames);
}

/** Bytes after which no server may go on with the connection. */
export interface Provocation {
  readonly name: string;
  readonly bytes: Buffer;
  /** How the client goes then; undefined waits for the server to close. */
  readonly leaves?: 'end' | 'reset';
}

const word = Buffer.from('[2,"w","Heartbeat",{}]');
const text = (frame: Partial<WireFrame> = {}): Buffer => encodeFrame({ payload: word, opcode: TEXT, ...frame });

export const PROVOCATIONS: readonly [Provocation, ...Provocation[]] = [
  { name: 'binary message', bytes: text({ opcode: BINARY }) },
  ...[0x3, 0x7, 0xb, 0xf].map((opcode) => ({ name: `reserved opcode ${opcode}`, bytes: text({ opcode }) })),
  ...[1, 2, 4].map((reserved) => ({ name: `reserved bit ${reserved}`, bytes: text({ reserved }) })),
  { name: 'no mask', bytes: text({ masked: false }) },
  { name: 'continuation of nothing', bytes: text({ opcode: CONTINUATION }) },
  { name: 'message within a message', bytes: Buffer.concat([text({ final: false }), text()]) },
  { name: 'ping in fragments', bytes: text({ opcode: PING, final: false }) },
  { name: 'ping of 126 bytes', bytes: encodeFrame({ payload: Buffer.alloc(126, 0x61), opcode: PING }) },
  { name: 'close with one byte', bytes: encodeFrame({ payload: Buffer.of(3), opcode: CLOSE }) },
  { name: 'close with 1005', bytes: encodeFrame({ payload: Buffer.of(0x03, 0xed), opcode: CLOSE }) },
  { name: 'close with 65535', bytes: encodeFrame({ payload: Buffer.of(0xff, 0xff), opcode: CLOSE }) },
  {
    name: 'close with a reason that is no UTF-8',
    bytes: encodeFrame({ payload: Buffer.of(0x03, 0xe8, 0xff), opcode: CLOSE }),
  },
  { name: 'length of 2^40', bytes: text({ length: 1n << 40n }) },
  { name: 'length of 2^63', bytes: text({ length: 1n << 63n }) },
  { name: 'one byte too many', bytes: encodeFrame({ payload: Buffer.alloc(256 * 1024 + 1, 0x20), opcode: TEXT }) },
  {
    name: 'too many bytes in fragments',
    bytes: Buffer.concat(
      Array.from({ length: 9 }, (_, at) =>
        encodeFrame({ payload: Buffer.alloc(32_768, 0x20), opcode: at === 0 ? TEXT : CONTINUATION, final: false }),
      ),
    ),
  },
  {
    name: 'a thousand fragments of one byte',
    bytes: Buffer.concat(
      Array.from({ length: 1_000 }, (_, at) =>
        encodeFrame({ payload: Buffer.of(0x20), opcode: at === 0 ? TEXT : CONTINUATION, final: false }),
      ),
    ),
  },
  { name: 'no UTF-8', bytes: encodeFrame({ payload: Buffer.of(0x5b, 0xc3, 0x28, 0x5d), opcode: TEXT }) },
  { name: 'a surrogate in UTF-8', bytes: encodeFrame({ payload: Buffer.of(0xed, 0xa0, 0x80), opcode: TEXT }) },
  { name: 'half a frame, then the end', bytes: text().subarray(0, 9), leaves: 'end' },
  { name: 'half a frame, then a reset', bytes: text().subarray(0, 9), leaves: 'reset' },
  { name: 'half a head, then the end', bytes: text().subarray(0, 1), leaves: 'end' },
  { name: 'half a message, then a reset', bytes: text({ final: false }), leaves: 'reset' },
];

export { CLOSE as OPCODE_CLOSE, PING as OPCODE_PING, TEXT as OPCODE_TEXT };
export const OPCODE_PONG = 0xa;
