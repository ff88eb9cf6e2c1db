import { describe, expect, it } from '@jest/globals';
import type { BillView } from '@tallywatt/contracts';
import { ENERGY_WH, statementsOfTable2, TABLE_2 } from './table-2.js';

function settled(changes: { bill?: string; change?: string } = {}) {
  return TABLE_2.map((row) => ({
    ...row,
    bill: { total: { minor: changes.bill ?? row.paidMinor } } as BillView,
    balanceChangeMinor: changes.change ?? `-${row.paidMinor}`,
  }));
}

describe('table 2', () => {
  it('adds up by hand: price × 26.4 kWh, rounded per component', () => {
    for (const { electricityPriceE4, servicePriceE4, paidMinor } of TABLE_2) {
      const fee = (priceE4: number) => Math.round((priceE4 * ENERGY_WH) / 100_000);
      expect(String(fee(electricityPriceE4) + fee(servicePriceE4))).toBe(paidMinor);
    }
  });

  it('is kept by bills and balances to the fen', () => {
    const statements = statementsOfTable2(settled());
    expect(statements).toHaveLength(8);
    expect(statements.every(({ met }) => met)).toBe(true);
  });

  it.each([
    ['bill', { bill: '5307' }],
    ['account', { change: '-5305' }],
    ['account', { change: '5306' }],
  ])('is broken by a %s of %o', (which, changes) => {
    const [bill, account] = statementsOfTable2(settled(changes));
    expect([bill?.met, account?.met]).toEqual([which !== 'bill', which !== 'account']);
  });
});
