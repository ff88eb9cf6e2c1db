import { describe, expect, it } from '@jest/globals';
import { dataHash, GENESIS_TIP, headerHash, nextBlock, tipAfter, type ChainTransaction } from './block-chain.js';

const transaction = (txId: string, text = 'bytes', code = 'VALID'): ChainTransaction => ({
  txId,
  code,
  bytes: Buffer.from(text),
});

describe('blocks', () => {
  it('link to each other from the genesis on', () => {
    const first = nextBlock(GENESIS_TIP, [transaction('a')], 1_000);
    const second = nextBlock(tipAfter(first), [transaction('b')], 2_000);
    expect(first).toMatchObject({ number: 0n, previousHash: '0'.repeat(64), committedAtMs: 1_000 });
    expect(second).toMatchObject({ number: 1n, previousHash: first.hash });
    expect(headerHash(second)).toBe(second.hash);
  });

  it('never run backwards in time', () => {
    const first = nextBlock(GENESIS_TIP, [transaction('a')], 2_000);
    expect(nextBlock(tipAfter(first), [transaction('b')], 1_000).committedAtMs).toBe(2_000);
  });

  it.each<[string, readonly ChainTransaction[]]>([
    ['other bytes', [transaction('a', 'byteS'), transaction('b')]],
    ['another verdict', [transaction('a', 'bytes', 'MVCC_READ_CONFLICT'), transaction('b')]],
    ['another id', [transaction('c'), transaction('b')]],
    ['another order', [transaction('b'), transaction('a')]],
    ['one less', [transaction('a')]],
    ['bytes moved to the neighbour', [transaction('a', 'bytesb'), transaction('b', 'ytes')]],
  ])('have another data hash with %s', (_name, transactions) => {
    expect(dataHash(transactions)).not.toBe(dataHash([transaction('a'), transaction('b')]));
  });

  it.each([{ number: 6n }, { previousHash: 'x' }, { dataHash: 'x' }, { committedAtMs: 1 }])(
    'have another hash with %o',
    (change) => {
      const header = { number: 5n, previousHash: 'p', dataHash: 'd', committedAtMs: 0 };
      expect(headerHash({ ...header, ...change })).not.toBe(headerHash(header));
    },
  );
});
