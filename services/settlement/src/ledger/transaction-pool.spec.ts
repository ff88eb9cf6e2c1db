import { describe, expect, it } from '@jest/globals';
import type { Envelope } from './envelope.js';
import { POOLED_TRANSACTIONS_MAX, TransactionPool, type PooledTransaction } from './transaction-pool.js';

const ENVELOPE: Envelope = {
  nonce: '',
  creator: { mspId: 'TELD', role: 'settler' },
  fn: 'Anchor',
  args: '{}',
  timestampMs: 0,
  reads: [],
  writes: [],
  event: null,
};
const pooled = (txId: string, size = 1): PooledTransaction => ({
  txId,
  bytes: new Uint8Array(size),
  envelope: ENVELOPE,
});

describe('the pool', () => {
  it('gives the oldest first, each once, and keeps them until they are removed', () => {
    const pool = new TransactionPool();
    for (const txId of ['b', 'a', 'b', 'c']) pool.add(pooled(txId));
    expect(pool.oldest(2, 100).map(({ txId }) => txId)).toEqual(['b', 'a']);
    pool.remove(['b', 'none']);
    expect(pool.oldest(9, 100).map(({ txId }) => txId)).toEqual(['a', 'c']);
    expect([pool.has('a'), pool.has('b')]).toEqual([true, false]);
  });

  it('keeps within the bytes, but gives one transaction however large', () => {
    const pool = new TransactionPool();
    for (const txId of ['a', 'b', 'c']) pool.add(pooled(txId, 10));
    expect(pool.oldest(9, 25)).toHaveLength(2);
    expect(pool.oldest(9, 5)).toHaveLength(1);
  });

  it('says when it is full', () => {
    const pool = new TransactionPool();
    for (let index = 0; index < POOLED_TRANSACTIONS_MAX - 1; index++) pool.add(pooled(String(index)));
    expect(pool.isFull).toBe(false);
    pool.add(pooled('last'));
    expect(pool.isFull).toBe(true);
  });

  it.each(['add', 'abort'] as const)('wakes its reader on %s', async (cause) => {
    const pool = new TransactionPool();
    const stop = new AbortController();
    const woken = pool.untilNotEmpty(stop.signal);
    if (cause === 'add') pool.add(pooled('a'));
    else stop.abort();
    await expect(woken).resolves.toBeUndefined();
    await expect(pool.untilNotEmpty(AbortSignal.abort())).resolves.toBeUndefined();
  });
});
