import { describe, expect, it } from '@jest/globals';
import type { LedgerBlock } from '../ledger/ledger.port.js';
import { until } from '../testing/until.js';
import { BlockBuffer, BLOCKS_AHEAD_MAX, BLOCKS_PER_COMMIT } from './block-buffer.js';

const block = (number: number): LedgerBlock => ({
  number: BigInt(number),
  previousHash: '',
  hash: '',
  committedAtMs: 0,
  transactions: [],
});
async function* blocks(count: number, read: { count: number }, fault?: Error): AsyncIterable<LedgerBlock> {
  for (let number = 0; number < count; number += 1) {
    read.count = number + 1;
    yield block(number);
  }
  if (fault) throw fault;
}

describe('block buffer', () => {
  it('hands out what has gathered, in order, in groups', async () => {
    const end = new AbortController();
    const buffer = new BlockBuffer(blocks(BLOCKS_PER_COMMIT + 3, { count: 0 }), end.signal);
    await until(() => buffer.length === BLOCKS_PER_COMMIT + 3);
    expect((await buffer.take())?.map((one) => Number(one.number))).toEqual(
      Array.from({ length: BLOCKS_PER_COMMIT }, (_, index) => index),
    );
    expect((await buffer.take())?.length).toBe(3);
    expect(await buffer.take()).toBeUndefined();
  });

  it('reads only so far ahead', async () => {
    const end = new AbortController();
    const read = { count: 0 };
    const buffer = new BlockBuffer(blocks(1000, read), end.signal);
    await until(() => read.count === BLOCKS_AHEAD_MAX);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(read.count).toBe(BLOCKS_AHEAD_MAX);
    await buffer.take();
    await until(() => read.count > BLOCKS_AHEAD_MAX);
    end.abort();
  });

  it('gives what came before a fault, then the fault', async () => {
    const buffer = new BlockBuffer(blocks(2, { count: 0 }, new Error('stream broke')), new AbortController().signal);
    expect((await buffer.take())?.length).toBeGreaterThan(0);
    await expect(
      (async () => {
        while ((await buffer.take()) !== undefined);
      })(),
    ).rejects.toThrow('stream broke');
  });

  it('ends when it is aborted while it waits', async () => {
    const end = new AbortController();
    async function* silent(): AsyncIterable<LedgerBlock> {
      await new Promise(() => undefined);
      yield block(0);
    }
    const buffer = new BlockBuffer(silent(), end.signal);
    const taken = buffer.take();
    end.abort();
    expect(await taken).toBeUndefined();
  });
});
