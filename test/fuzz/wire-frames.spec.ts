import type { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import * as ws from 'ws';
import { Prng } from '../support/prng.js';
import { PROVOCATIONS, encodeFrame, encodeText } from './wire-frames.js';

/** The server's own reader of frames, which the types of `ws` leave out. */
const { Receiver } = ws as unknown as { readonly Receiver: new (options: object) => Writable };

/** What `ws` makes of the bytes: messages, and the error that it closes with. */
function read(bytes: Buffer): Promise<{ messages: string[]; error: Error | undefined; closed: boolean }> {
  const receiver = new Receiver({
    isServer: true,
    maxPayload: 256 * 1024,
    maxFragments: 64,
    maxBufferedChunks: 512,
  });
  const messages: string[] = [];
  return new Promise((resolve) => {
    let closed = false;
    receiver.on('message', (data: Buffer, isBinary: boolean) => messages.push(isBinary ? 'binary' : data.toString()));
    receiver.on('conclude', () => (closed = true));
    receiver.on('error', (error: Error) => resolve({ messages, error, closed }));
    receiver.write(bytes, () => setImmediate(() => resolve({ messages, error: undefined, closed })));
  });
}

describe('frames on the wire', () => {
  it('are the message, however it is cut', async () => {
    const text = '[2,"a","Heartbeat",{}]'.padEnd(300);
    for (let seed = 0; seed < 60; seed++)
      expect(await read(encodeText(Buffer.from(text), new Prng(seed)))).toEqual({
        messages: [text],
        error: undefined,
        closed: false,
      });
    const long = Buffer.alloc(70_000, 0x61);
    expect((await read(encodeFrame({ payload: long, opcode: 1 }))).messages).toEqual([long.toString()]);
  });

  it.each(PROVOCATIONS.map(({ name, bytes, leaves }) => [name, bytes, leaves] as const))(
    'provoke: %s',
    async (name, bytes, leaves) => {
      const { messages, error, closed } = await read(bytes);
      if (leaves !== undefined) expect([messages, error, closed]).toEqual([[], undefined, false]);
      else if (name === 'binary message') expect(messages).toEqual(['binary']);
      else expect(error).toBeInstanceOf(Error);
    },
  );
});
