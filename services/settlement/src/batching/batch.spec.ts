import { describe, expect, it } from '@jest/globals';
import { SETTLE_BATCH_BYTES_MAX, SETTLE_ITEMS_MAX } from '@tallywatt/contracts';
import { buildBatch, splitBatch } from './batch.js';
import type { PendingSettlement } from './batch-store.js';

const pending = (settlementId: string, lines = 1): PendingSettlement => ({
  settlementId,
  factsRevision: 1,
  operatorId: 'TELD',
  stationId: 'cs1',
  evId: 'ev1',
  startMs: 0,
  endMs: 3_600_000,
  meterStartWh: 0n,
  meterStopWh: 10_000n,
  lines: Array.from({ length: lines }, (_, index) => ({
    priceId: `p${index}`,
    fromMs: index,
    toMs: index + 1,
    energyWh: '1',
  })),
  totalMinor: 1000n,
  evidenceSha256: 'ab'.repeat(32),
  replaces: null,
  attempt: 0,
  waitingSinceMs: 0,
});

describe('batch', () => {
  it('is nothing when nothing waits', () => {
    expect(buildBatch('TELD', [])).toBeUndefined();
  });

  it('sorts by id, whatever came first, and says money and energy as text', () => {
    const batch = buildBatch('TELD', [pending('b'), pending('a')]);
    expect(batch?.settlements.map((settlement) => settlement.settlementId)).toEqual(['a', 'b']);
    expect(batch?.args.items[0]).toEqual({
      settlementId: 'a',
      evId: 'ev1',
      stationId: 'cs1',
      startMs: 0,
      endMs: 3_600_000,
      meterStartWh: '0',
      meterStopWh: '10000',
      lines: [{ priceId: 'p0', fromMs: 0, toMs: 1, energyWh: '1' }],
      totalMinor: '1000',
      evidenceSha256: 'ab'.repeat(32),
    });
  });

  it('names the bill that an item replaces, and only then', () => {
    const [item] = buildBatch('TELD', [{ ...pending('b'), replaces: 'a' }])?.args.items ?? [];
    expect(item?.replaces).toBe('a');
    expect(Object.keys(buildBatch('TELD', [pending('b')])?.args.items[0] ?? {})).not.toContain('replaces');
  });

  it('takes the oldest, and no more than the contract takes', () => {
    const candidates = Array.from({ length: SETTLE_ITEMS_MAX + 20 }, (_, index) => pending(String(999 - index)));
    const batch = buildBatch('TELD', candidates);
    expect(batch?.settlements.length).toBe(SETTLE_ITEMS_MAX);
    expect(new Set(batch?.settlements)).toEqual(new Set(candidates.slice(0, SETTLE_ITEMS_MAX)));
  });

  it('stays under the size that the contract takes', () => {
    const batch = buildBatch(
      'TELD',
      Array.from({ length: 100 }, (_, index) => pending(`s${index}`, 128)),
    );
    expect(batch?.settlements.length).toBeGreaterThan(1);
    expect(batch?.settlements.length).toBeLessThan(SETTLE_ITEMS_MAX);
    expect(JSON.stringify(batch?.args).length).toBeLessThanOrEqual(SETTLE_BATCH_BYTES_MAX);
  });

  it('lets one item that is too large go alone: the contract says so', () => {
    expect(buildBatch('TELD', [pending('a', 5000), pending('b')])?.settlements.map((one) => one.settlementId)).toEqual([
      'a',
    ]);
  });

  it('splits into halves that are the whole', () => {
    const batch = buildBatch(
      'TELD',
      ['a', 'b', 'c'].map((id) => pending(id)),
    );
    if (!batch) throw new Error('no batch');
    const halves = splitBatch(batch);
    expect(halves.map((half) => half.args.items.map((item) => item.settlementId))).toEqual([['a', 'b'], ['c']]);
    expect(halves.map((half) => half.settlements.length)).toEqual([2, 1]);
  });
});
