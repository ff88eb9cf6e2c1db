import { beforeAll, describe, expect, it } from '@jest/globals';
import type { BillPageAnswer, LedgerQuery } from '@tallywatt/contracts';
import { by, item, LedgerWorld, NOW_MS, START_MS } from './testing/ledger-world.js';

const OPERATOR = by('TELD', 'operator');
let world: LedgerWorld;

/** All pages of a list. */
async function listed(
  query: LedgerQuery,
  args: Readonly<Record<string, unknown>>,
  pageSize: number,
): Promise<string[][]> {
  const pages: string[][] = [];
  let bookmark = '';
  do {
    const simulation = await world.ledger.simulate(query, { ...args, pageSize, bookmark }, OPERATOR, NOW_MS);
    const page: BillPageAnswer = JSON.parse(simulation.result);
    pages.push(page.bills.map((bill) => bill.settlementId));
    bookmark = page.bookmark;
  } while (bookmark !== '');
  return pages;
}

beforeAll(async () => {
  world = await LedgerWorld.open();
  await world.registerStation('TELD', 'TELD-CS2');
  for (const batch of [0, 1, 2]) {
    const items = [0, 1, 2, 3].map((index) => {
      const startMs = START_MS + (batch * 4 + index) * 3_600_000;
      const endMs = startMs + 3_600_000;
      const lines = [{ priceId: 'TELD-P', fromMs: startMs, toMs: endMs, energyWh: '26400' }];
      return item(`s-${batch}${index}`, { startMs, endMs, lines, stationId: index === 3 ? 'TELD-CS2' : 'TELD-CS' });
    });
    await world.submit('SettleBatch', { operatorId: 'TELD', items }, by('TELD', 'settler'), NOW_MS + batch);
  }
});

describe('lists of bills', () => {
  it('of an account are newest first, paged without loss or repeat', async () => {
    const all = ['s-23', 's-22', 's-21', 's-20', 's-13', 's-12', 's-11', 's-10', 's-03', 's-02', 's-01', 's-00'];
    expect((await listed('BillsByAccount', { evId: 'TELD-EV' }, 200)).flat()).toEqual(all);
    const pages = await listed('BillsByAccount', { evId: 'TELD-EV' }, 5);
    expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(all);
  });

  it.each([1, 3, 4, 5, 200])('of an operator are newest batch first, in pages of %d', async (pageSize) => {
    const pages = await listed('BillsByOperator', { operatorId: 'TELD' }, pageSize);
    expect(pages.flat()).toEqual([2, 1, 0].flatMap((batch) => [0, 1, 2, 3].map((index) => `s-${batch}${index}`)));
    expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(pageSize);
  });

  it.each([1, 2, 200])('of a station hold its own bills only, in pages of %d', async (pageSize) => {
    expect((await listed('BillsByStation', { stationId: 'TELD-CS2' }, pageSize)).flat()).toEqual([
      's-23',
      's-13',
      's-03',
    ]);
  });

  it.each(['x', '\u0000O\u0000STAR\u00001\u0000x\u0000#0', '\u0000O\u0000TELD\u0000#', '#0'])(
    'refuse the bookmark %j',
    async (bookmark) => {
      const asked = world.ledger.simulate(
        'BillsByOperator',
        { operatorId: 'TELD', pageSize: 5, bookmark },
        OPERATOR,
        NOW_MS,
      );
      await expect(asked).rejects.toThrow(/^INVALID_ARGUMENT: /);
    },
  );
});
