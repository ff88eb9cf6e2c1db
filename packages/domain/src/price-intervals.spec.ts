import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LINES_MAX, priceIntervals } from './price-intervals.js';
import { priceAt, type Price, type Tariff } from './tariff.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Monday. */
const MONDAY_MS = Date.UTC(2026, 10, 23);
const CHINA = [{ fromMs: 0, offsetMinutes: 480 }];
const UTC = [{ fromMs: 0, offsetMinutes: 0 }];

function price(priceId: string, fromMinute: number, toMinute: number, more: Partial<Price> = {}): Price {
  return {
    priceId,
    fromMinute,
    toMinute,
    weekdayMask: 127,
    validFromMs: 0,
    validToMs: null,
    electricityPriceE4: 10_000n,
    servicePriceE4: 6_800n,
    ...more,
  };
}
const tariffOf = (...prices: Price[]): Tariff => ({ tariffId: 'T', operatorId: 'SG', prices });
const DAY_AND_NIGHT = tariffOf(price('night-1', 0, 420), price('day', 420, 1380), price('night-2', 1380, 1440));

function intervals(
  tariff: Tariff,
  offsets: readonly { fromMs: number; offsetMinutes: number }[],
  startMs: number,
  endMs: number,
) {
  const result = priceIntervals(tariff, offsets, startMs, endMs);
  if (!result.ok) throw new Error(result.fault);
  return result.value.map(({ priceId, fromMs, toMs }) => [priceId, fromMs - startMs, toMs - startMs]);
}

describe('price intervals', () => {
  it('cuts at local boundaries, not at those of UTC', () => {
    // 22:30 in China is 14:30 UTC.
    const startMs = MONDAY_MS + 14.5 * HOUR_MS;
    expect(intervals(DAY_AND_NIGHT, CHINA, startMs, startMs + 2 * HOUR_MS)).toEqual([
      ['day', 0, 0.5 * HOUR_MS],
      ['night-2', 0.5 * HOUR_MS, 1.5 * HOUR_MS],
      ['night-1', 1.5 * HOUR_MS, 2 * HOUR_MS],
    ]);
  });

  it('gives a session without duration one interval', () => {
    expect(intervals(DAY_AND_NIGHT, UTC, MONDAY_MS, MONDAY_MS)).toEqual([['night-1', 0, 0]]);
  });

  it('merges neighbours of one price over midnight and over a transition', () => {
    const flat = tariffOf(price('flat', 0, 1440));
    const spring = [UTC[0] ?? { fromMs: 0, offsetMinutes: 0 }, { fromMs: MONDAY_MS + HOUR_MS, offsetMinutes: 60 }];
    expect(intervals(flat, spring, MONDAY_MS - DAY_MS, MONDAY_MS + DAY_MS)).toEqual([['flat', 0, 2 * DAY_MS]]);
  });

  it('follows the clock when it jumps forward and back', () => {
    const tariff = tariffOf(price('a', 0, 90), price('b', 90, 1440));
    const forward = [
      { fromMs: 0, offsetMinutes: 0 },
      { fromMs: MONDAY_MS + HOUR_MS, offsetMinutes: 60 },
    ];
    expect(intervals(tariff, forward, MONDAY_MS, MONDAY_MS + 3 * HOUR_MS)).toEqual([
      ['a', 0, HOUR_MS],
      ['b', HOUR_MS, 3 * HOUR_MS],
    ]);
    const back = [
      { fromMs: 0, offsetMinutes: 0 },
      { fromMs: MONDAY_MS + 2 * HOUR_MS, offsetMinutes: -60 },
    ];
    expect(intervals(tariff, back, MONDAY_MS, MONDAY_MS + 3 * HOUR_MS)).toEqual([
      ['a', 0, 1.5 * HOUR_MS],
      ['b', 1.5 * HOUR_MS, 2 * HOUR_MS],
      ['a', 2 * HOUR_MS, 2.5 * HOUR_MS],
      ['b', 2.5 * HOUR_MS, 3 * HOUR_MS],
    ]);
  });

  it('changes version in the middle of a session', () => {
    const atMs = MONDAY_MS + HOUR_MS + 123;
    const tariff = tariffOf(price('old', 0, 1440, { validToMs: atMs }), price('new', 0, 1440, { validFromMs: atMs }));
    expect(intervals(tariff, UTC, MONDAY_MS, MONDAY_MS + 2 * HOUR_MS)).toEqual([
      ['old', 0, HOUR_MS + 123],
      ['new', HOUR_MS + 123, 2 * HOUR_MS],
    ]);
  });

  it('knows weekdays', () => {
    const tariff = tariffOf(
      price('week', 0, 1440, { weekdayMask: 0b0011111 }),
      price('weekend', 0, 1440, { weekdayMask: 0b1100000 }),
    );
    expect(intervals(tariff, UTC, MONDAY_MS - HOUR_MS, MONDAY_MS + HOUR_MS)).toEqual([
      ['weekend', 0, HOUR_MS],
      ['week', HOUR_MS, 2 * HOUR_MS],
    ]);
  });

  it('answers NO_PRICE where none is in force', () => {
    const late = tariffOf(price('late', 0, 1440, { validFromMs: MONDAY_MS + HOUR_MS }));
    expect(priceIntervals(late, UTC, MONDAY_MS, MONDAY_MS + HOUR_MS)).toEqual({ ok: false, fault: 'NO_PRICE' });
    const ended = tariffOf(price('ended', 0, 1440, { validToMs: MONDAY_MS + HOUR_MS }));
    expect(priceIntervals(ended, UTC, MONDAY_MS, MONDAY_MS + 2 * HOUR_MS)).toEqual({ ok: false, fault: 'NO_PRICE' });
  });

  it(`refuses more than ${LINES_MAX} lines`, () => {
    const startMs = MONDAY_MS + 12 * HOUR_MS;
    const withLines = (count: number) =>
      priceIntervals(DAY_AND_NIGHT, UTC, startMs, startMs + ((count - 2) / 3) * DAY_MS);
    expect(withLines(128).ok).toBe(true);
    expect(withLines(131)).toEqual({ ok: false, fault: 'TOO_MANY_LINES' });
  });

  it('covers any session without gap, each interval under its own price from end to end', () => {
    const moments = fc.record({
      start: fc.integer({ min: 0, max: 400 * DAY_MS }),
      length: fc.integer({ min: 1, max: 20 * DAY_MS }),
      offset: fc.integer({ min: -720, max: 840 }),
    });
    fc.assert(
      fc.property(moments, ({ start, length, offset }) => {
        const offsets = [
          { fromMs: 0, offsetMinutes: offset },
          { fromMs: 200 * DAY_MS, offsetMinutes: offset + 60 },
        ];
        const result = priceIntervals(DAY_AND_NIGHT, offsets, start, start + length);
        expect(result.ok).toBe(true);
        if (!result.ok) return;
        let fromMs = start;
        for (const interval of result.value) {
          expect(interval.fromMs).toBe(fromMs);
          for (const ms of [interval.fromMs, interval.toMs - 1])
            expect(priceAt(DAY_AND_NIGHT, offsets, ms)?.priceId).toBe(interval.priceId);
          fromMs = interval.toMs;
        }
        expect(fromMs).toBe(start + length);
      }),
    );
  });
});
