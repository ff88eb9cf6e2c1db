import { describe, expect, it } from '@jest/globals';
import type { SettleItemArgs } from './ledger-transactions.js';
import { settleItemContent } from './settle-item-content.js';

const ITEM: SettleItemArgs = {
  settlementId: 's-1',
  evId: 'EV-1',
  stationId: 'CS-1',
  startMs: 1,
  endMs: 2,
  meterStartWh: '0',
  meterStopWh: '10',
  lines: [{ priceId: 'P', fromMs: 1, toMs: 2, energyWh: '10' }],
  totalMinor: '1',
  evidenceSha256: 'ab'.repeat(32),
};

describe('content of a settlement', () => {
  it('does not depend on the order of fields', () => {
    expect(settleItemContent(Object.fromEntries(Object.entries(ITEM).toReversed()) as never)).toBe(
      settleItemContent(ITEM),
    );
  });

  it.each<Partial<SettleItemArgs>>([
    { settlementId: 's-2' },
    { evId: 'EV-2' },
    { stationId: 'CS-2' },
    { startMs: 0 },
    { endMs: 3 },
    { meterStartWh: '1' },
    { meterStopWh: '11' },
    { lines: [] },
    { totalMinor: '2' },
    { evidenceSha256: 'cd'.repeat(32) },
    { replaces: 's-0' },
  ])('changes with %j', (change) => {
    expect(settleItemContent({ ...ITEM, ...change })).not.toBe(settleItemContent(ITEM));
  });
});
