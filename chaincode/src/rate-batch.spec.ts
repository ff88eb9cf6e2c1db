import { describe, expect, it, jest } from '@jest/globals';
import type { ItemVerdict, RateItemArgs, ReportEndorsementsArgs } from '@tallywatt/contracts';
import { by, item, itemCosting, LedgerWorld, registerUnitStation, SUPERVISOR } from './testing/ledger-world.js';
import { readVectors } from './testing/vectors.js';

/** 400 settlements and ratings per walk. */
jest.setTimeout(60_000);

interface EvaluationWalk {
  readonly endorsements: number;
  readonly ledgerUpdates: number;
  readonly ratings: readonly number[];
  readonly valuesE6: readonly number[];
}
const { walks } = readVectors('evaluation') as { readonly walks: readonly EvaluationWalk[] };
const SETTLER = by('TELD', 'settler');

function rate(world: LedgerWorld, items: readonly RateItemArgs[], caller = SETTLER): Promise<ItemVerdict[]> {
  return world.submit('RateBatch', { items }, caller) as Promise<ItemVerdict[]>;
}

async function worldWithBill(): Promise<LedgerWorld> {
  const world = await LedgerWorld.open();
  await world.deposit('100000', 'd-1');
  await world.settle([item('s-1')]);
  return world;
}

describe('RateBatch', () => {
  it.each(walks.map((walk, index) => ({ index, walk })))(
    'follows walk $index of the shared vectors',
    async ({ walk }) => {
      const world = await LedgerWorld.open({ endorsementQuorum: 1 });
      await registerUnitStation(world);
      await world.deposit('100000', 'd-1');
      const tally = [{ peerNode: 'TELD-node', endorsements: walk.endorsements }];
      const report: ReportEndorsementsArgs = { fromBlock: 0, toBlock: 9, ledgerUpdates: walk.ledgerUpdates, tally };
      await world.submit('ReportEndorsements', report, SETTLER);
      const ids = walk.ratings.map((_, index) => `s-${String(index).padStart(4, '0')}`);
      for (let start = 0; start < ids.length; start += 100) {
        await world.settle(ids.slice(start, start + 100).map((id) => itemCosting(id, 1)));
      }
      const rated: number[] = [];
      for (const [index, rating] of walk.ratings.entries()) {
        await rate(world, [{ settlementId: ids[index] ?? '', evId: 'TELD-EV', rating }]);
        rated.push((await world.station('UNIT-CS')).evaluationE6);
      }
      expect(rated).toEqual(walk.valuesE6);
      expect((await world.station('UNIT-CS')).ratingCount).toBe(walk.ratings.length);
    },
  );

  it('applies several ratings of one station in the order of the batch', async () => {
    const [one, two] = [await LedgerWorld.open(), await LedgerWorld.open()];
    for (const world of [one, two]) {
      await world.deposit('100000', 'd-1');
      await world.settle([item('s-1'), item('s-2')]);
    }
    const items = [
      { settlementId: 's-1', evId: 'TELD-EV', rating: 5 },
      { settlementId: 's-2', evId: 'TELD-EV', rating: 1 },
    ];
    await rate(one, items);
    for (const single of items) await rate(two, [single]);
    expect(await one.station()).toMatchObject({ evaluationE6: (await two.station()).evaluationE6, ratingCount: 2 });
  });

  it('counts the rating of a user without credit, and moves nothing', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    expect(await rate(world, [{ settlementId: 's-1', evId: 'TELD-EV', rating: 5 }])).toEqual([
      { settlementId: 's-1', verdict: 'rated' },
    ]);
    expect(await world.station()).toMatchObject({ evaluationE6: 0, ratingCount: 1 });
    expect(await world.bill('s-1')).toMatchObject({ rating: 5 });
  });

  it('answers the same rating again as duplicate, another one as rejected', async () => {
    const world = await worldWithBill();
    const first = { settlementId: 's-1', evId: 'TELD-EV', rating: 4 };
    await rate(world, [first]);
    expect(await rate(world, [first])).toEqual([{ settlementId: 's-1', verdict: 'duplicate' }]);
    expect(await rate(world, [{ ...first, rating: 5 }])).toEqual([
      { settlementId: 's-1', verdict: 'rejected', code: 'ALREADY_RATED' },
    ]);
    expect(await world.station()).toMatchObject({ ratingCount: 1 });
  });

  it.each<[string, RateItemArgs, ReturnType<typeof by>]>([
    ['UNKNOWN_BILL', { settlementId: 's-9', evId: 'TELD-EV', rating: 1 }, SETTLER],
    ['UNKNOWN_ACCOUNT', { settlementId: 's-1', evId: 'none', rating: 1 }, SETTLER],
    ['INVALID_ARGUMENT', { settlementId: 's-1', evId: 'TELD-EV', rating: 6 }, SETTLER],
    ['ACCESS_DENIED', { settlementId: 's-1', evId: 'TELD-EV', rating: 1 }, by('STAR', 'settler')],
    ['ACCESS_DENIED', { settlementId: 's-1', evId: 'TELD-EV', rating: 1 }, by('TELD', 'driver', 'other')],
    ['BILL_OF_OTHER_USER', { settlementId: 's-1', evId: 'STAR-EV', rating: 1 }, by('STAR', 'settler')],
  ])('rejects with %s', async (code, rating, caller) => {
    const world = await worldWithBill();
    expect(await rate(world, [rating], caller)).toEqual([
      { settlementId: rating.settlementId, verdict: 'rejected', code },
    ]);
  });

  it('takes a rating from the driver own certificate', async () => {
    const world = await worldWithBill();
    const verdicts = await rate(
      world,
      [{ settlementId: 's-1', evId: 'TELD-EV', rating: 3 }],
      by('TELD', 'driver', 'TELD-EV'),
    );
    expect(verdicts).toEqual([{ settlementId: 's-1', verdict: 'rated' }]);
  });

  it('refuses supervision and unsorted batches as a whole', async () => {
    const world = await worldWithBill();
    const items = [{ settlementId: 's-1', evId: 'TELD-EV', rating: 3 }];
    await expect(rate(world, items, SUPERVISOR)).rejects.toThrow(/^ACCESS_DENIED: /);
    await expect(rate(world, [...items, ...items])).rejects.toThrow(/^INVALID_ARGUMENT: /);
  });

  it('gives one rating per session, however often its bill is corrected', async () => {
    const world = await worldWithBill();
    await world.submit(
      'IssueCreditNote',
      { settlementId: 's-1', evId: 'TELD-EV', reference: 'n-1', reason: 'meter' },
      by('TELD', 'treasurer'),
    );
    await world.settle([item('s-2', { replaces: 's-1' })]);
    const rating = { evId: 'TELD-EV', rating: 3 };
    expect(await rate(world, [{ settlementId: 's-1', ...rating }])).toMatchObject([{ code: 'ALREADY_CREDITED' }]);
    expect(await rate(world, [{ settlementId: 'n-1', ...rating }])).toMatchObject([{ code: 'UNKNOWN_BILL' }]);
    expect(await rate(world, [{ settlementId: 's-2', ...rating }])).toMatchObject([{ verdict: 'rated' }]);
    await world.submit(
      'IssueCreditNote',
      { settlementId: 's-2', evId: 'TELD-EV', reference: 'n-2', reason: 'again' },
      by('TELD', 'treasurer'),
    );
    await world.settle([item('s-3', { replaces: 's-2' })]);
    expect(await rate(world, [{ settlementId: 's-3', ...rating }])).toMatchObject([{ code: 'ALREADY_RATED' }]);
  });
});
