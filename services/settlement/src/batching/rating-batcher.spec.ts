import { describe, expect, it } from '@jest/globals';
import type { RateBatchArgs } from '@tallywatt/contracts';
import type { LedgerWriter } from './ledger-writer.js';
import { RATE_GATHER_MS, RatingBatcher } from './rating-batcher.js';

interface Sent {
  readonly mspId: string;
  readonly ids: readonly string[];
}

function batcher(sent: Sent[], fault?: Error): { readonly ratings: RatingBatcher; readonly atOnceMax: () => number } {
  let atOnce = 0;
  let most = 0;
  const write = async (_fn: string, args: RateBatchArgs, caller: { readonly mspId: string }) => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((resolve) => setTimeout(resolve, 5));
    atOnce -= 1;
    sent.push({ mspId: caller.mspId, ids: args.items.map((item) => item.settlementId) });
    if (fault) throw fault;
    const items = args.items.map((item) => ({ settlementId: item.settlementId, verdict: 'rated' }));
    return { txId: `tx${sent.length}`, blockNumber: BigInt(sent.length), result: '', items };
  };
  return { ratings: new RatingBatcher({ write } as unknown as LedgerWriter), atOnceMax: () => most };
}
const item = (settlementId: string) => ({ settlementId, evId: `ev-${settlementId}`, rating: 4 });

describe('rating batcher', () => {
  it('gathers ratings of one operator into one sorted batch', async () => {
    const sent: Sent[] = [];
    const { ratings } = batcher(sent);
    expect(RATE_GATHER_MS).toBeLessThan(1000);
    const rated = await Promise.all(['b', 'a'].map((id) => ratings.rate('TELD', item(id))));
    expect(sent).toEqual([{ mspId: 'TELD', ids: ['a', 'b'] }]);
    expect(rated.map((one) => one.verdict.settlementId)).toEqual(['b', 'a']);
  });

  it('sends batches one after the other, each under its operator', async () => {
    const sent: Sent[] = [];
    const { ratings, atOnceMax } = batcher(sent);
    await Promise.all([
      ratings.rate('TELD', item('a')),
      ratings.rate('STAR', item('b')),
      ratings.rate('TELD', item('c')),
    ]);
    expect(sent).toEqual([
      { mspId: 'TELD', ids: ['a', 'c'] },
      { mspId: 'STAR', ids: ['b'] },
    ]);
    expect(atOnceMax()).toBe(1);
  });

  it('never names one bill twice in a batch, nor more than the contract takes', async () => {
    const sent: Sent[] = [];
    const { ratings } = batcher(sent);
    const many = Array.from({ length: 120 }, (_, index) => item(`s${index}`));
    await Promise.all([...many, item('s0')].map((one) => ratings.rate('TELD', one)));
    expect(sent.map((one) => one.ids.length)).toEqual([100, 21]);
    expect(sent[1]?.ids).toContain('s0');
  });

  it('tells everybody in the batch when it failed, and goes on with the next', async () => {
    const sent: Sent[] = [];
    const { ratings } = batcher(sent, new Error('ledger away'));
    await expect(ratings.rate('TELD', item('a'))).rejects.toThrow('ledger away');
    await expect(ratings.rate('TELD', item('b'))).rejects.toThrow('ledger away');
    expect(sent.length).toBe(2);
  });
});
