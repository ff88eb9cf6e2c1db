import { describe, expect, it } from '@jest/globals';
import { FRAME_BYTES_MAX, FrameReader, OPCODE_PONG, OPCODE_TEXT, clientFrame } from './ws-frames.js';

/** The same frame as a server would send it: no mask. */
function serverFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = payload.length < 126 ? [0x81, payload.length] : [0x81, 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}

function read(chunks: readonly Buffer[]): string[] {
  const reader = new FrameReader();
  const texts: string[] = [];
  for (const chunk of chunks) reader.push(chunk, (opcode, payload) => texts.push(`${opcode}:${payload.toString()}`));
  return texts;
}

describe('frames of a client', () => {
  it('are final, masked with zeros, and as long as they say', () => {
    expect(clientFrame(Buffer.from('hi')).toString('hex')).toBe('818200000000' + Buffer.from('hi').toString('hex'));
    expect(clientFrame(Buffer.alloc(0), OPCODE_PONG).toString('hex')).toBe('8a8000000000');
    const long = clientFrame(Buffer.alloc(126, 'x'));
    expect(long.subarray(0, 8).toString('hex')).toBe('81fe007e00000000');
    expect(long).toHaveLength(8 + 126);
  });
  it('end at their limit', () => {
    expect(clientFrame(Buffer.alloc(FRAME_BYTES_MAX))).toHaveLength(8 + FRAME_BYTES_MAX);
    expect(() => clientFrame(Buffer.alloc(FRAME_BYTES_MAX + 1))).toThrow(RangeError);
  });
});

describe('frames of a server', () => {
  const bytes = Buffer.concat([serverFrame('one'), serverFrame('x'.repeat(126)), serverFrame('')]);
  const expected = [`${OPCODE_TEXT}:one`, `${OPCODE_TEXT}:${'x'.repeat(126)}`, `${OPCODE_TEXT}:`];
  it('are read from one chunk', () => expect(read([bytes])).toEqual(expected));
  it('are read byte by byte', () => expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(expected));
  it('wait for their rest', () => expect(read([bytes.subarray(0, 4)])).toEqual([]));
  it('of more than 64 KiB are refused', () => {
    expect(() => read([Buffer.from([0x81, 127, 0])])).toThrow(RangeError);
  });
});
