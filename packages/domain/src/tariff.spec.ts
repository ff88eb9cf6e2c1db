import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isOnWeekday, priceAt, WEEKDAY_MASK_ALL, type Price, type Tariff } from './tariff.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** 2026-11-23 is a Monday. */
const MONDAY_MS = Date.UTC(2026, 10, 23);
const UTC = [{ fromMs: 0, offsetMinutes: 0 }];
const CHINA = [{ fromMs: 0, offsetMinutes: 480 }];
const NEPAL = [{ fromMs: 0, offsetMinutes: 345 }];

function price(priceId: string, fromMinute: number, toMinute: number, more: Partial<Price> = {}): Price {
  return {
    priceId,
    fromMinute,
    toMinute,
    weekdayMask: WEEKDAY_MASK_ALL,
    validFromMs: 0,
    validToMs: null,
    electricityPriceE4: 10_000n,
    servicePriceE4: 6_800n,
    ...more,
  };
}
const tariffOf = (...prices: Price[]): Tariff => ({ tariffId: 'T', operatorId: 'SG', prices });
const SEVEN_DAYS = tariffOf(
  ...['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((name, day) =>
    price(name, 0, 1440, { weekdayMask: 1 << day }),
  ),
);

describe('the price at an instant', () => {
  const halves = tariffOf(price('morning', 0, 720), price('evening', 720, 1440));

  it.each([
    ['the first millisecond of a period', 12 * HOUR_MS, 'evening'],
    ['the last millisecond of a period', 12 * HOUR_MS - 1, 'morning'],
    ['the last millisecond of the day', DAY_MS - 1, 'evening'],
    ['midnight', DAY_MS, 'morning'],
  ])('belongs at %s to its period', (_what, sinceMidnightMs, priceId) => {
    expect(priceAt(halves, UTC, MONDAY_MS + sinceMidnightMs)?.priceId).toBe(priceId);
  });

  it('is the one of the station, not of UTC', () => {
    expect(priceAt(halves, UTC, MONDAY_MS + 6 * HOUR_MS)?.priceId).toBe('morning');
    expect(priceAt(halves, CHINA, MONDAY_MS + 6 * HOUR_MS)?.priceId).toBe('evening');
    expect(priceAt(halves, NEPAL, MONDAY_MS + 6 * HOUR_MS + 14 * MINUTE_MS)?.priceId).toBe('morning');
    expect(priceAt(halves, NEPAL, MONDAY_MS + 6 * HOUR_MS + 15 * MINUTE_MS)?.priceId).toBe('evening');
  });

  it('holds from validFrom, and not any more at validTo', () => {
    const short = tariffOf(price('short', 0, 1440, { validFromMs: MONDAY_MS, validToMs: MONDAY_MS + 10 }));
    const found = [-1, 0, 9, 10].map((ms) => priceAt(short, UTC, MONDAY_MS + ms)?.priceId);
    expect(found).toEqual([undefined, 'short', 'short', undefined]);
  });

  it('is missing where no period covers the minute', () => {
    expect(priceAt(tariffOf(price('noon', 720, 721)), UTC, MONDAY_MS)).toBeUndefined();
    expect(priceAt(tariffOf(), UTC, MONDAY_MS)).toBeUndefined();
  });

  it('is never taken by UTC for want of an offset', () => {
    expect(() => priceAt(halves, [], MONDAY_MS)).toThrow(RangeError);
  });
});

describe('weekday masks', () => {
  it.each([0, 1, 2, 3, 4, 5, 6])('bit %d is that weekday and no other', (weekday) => {
    const days = [0, 1, 2, 3, 4, 5, 6].filter((day) =>
      isOnWeekday(price('p', 0, 1440, { weekdayMask: 1 << day }), weekday),
    );
    expect(days).toEqual([weekday]);
  });

  it('name the days of a week in order, from Monday', () => {
    const week = [0, 1, 2, 3, 4, 5, 6, 7].map((day) => priceAt(SEVEN_DAYS, UTC, MONDAY_MS + day * DAY_MS)?.priceId);
    expect(week).toEqual(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'mon']);
  });

  it('change at the local midnight', () => {
    expect(priceAt(SEVEN_DAYS, CHINA, MONDAY_MS + 16 * HOUR_MS - 1)?.priceId).toBe('mon');
    expect(priceAt(SEVEN_DAYS, CHINA, MONDAY_MS + 16 * HOUR_MS)?.priceId).toBe('tue');
  });

  it('agree with the platform for any instant and offset', () => {
    const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
    const moments = fc.record({
      ms: fc.integer({ min: 0, max: 4_000_000_000_000 }),
      offsetMinutes: fc.integer({ min: -840, max: 840 }),
    });
    fc.assert(
      fc.property(moments, ({ ms, offsetMinutes }) => {
        const expected = names[new Date(ms + offsetMinutes * MINUTE_MS).getUTCDay()];
        expect(priceAt(SEVEN_DAYS, [{ fromMs: 0, offsetMinutes }], ms)?.priceId).toBe(expected);
      }),
    );
  });
});

describe('real clock changes', () => {
  const hours = tariffOf(...Array.from({ length: 24 }, (_, hour) => price(`h${hour}`, hour * 60, hour * 60 + 60)));
  const ZONES = [
    ['Europe/London', [Date.UTC(2026, 2, 29, 1), 60], [Date.UTC(2026, 9, 25, 1), 0], 0],
    ['America/New_York', [Date.UTC(2026, 2, 8, 7), -240], [Date.UTC(2026, 10, 1, 6), -300], -300],
    ['Australia/Lord_Howe', [Date.UTC(2026, 3, 4, 15), 630], [Date.UTC(2026, 9, 3, 15, 30), 660], 660],
  ] as const;

  it.each(ZONES)('%s: the period is the one on the wall clock', (timeZone, first, second, before) => {
    const offsets = [
      { fromMs: 0, offsetMinutes: before },
      { fromMs: first[0], offsetMinutes: first[1] },
      { fromMs: second[0], offsetMinutes: second[1] },
    ];
    const wall = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' });
    for (const [changeMs] of [first, second]) {
      for (let ms = changeMs - 3 * HOUR_MS; ms < changeMs + 3 * HOUR_MS; ms += 10 * MINUTE_MS) {
        expect(priceAt(hours, offsets, ms)?.priceId).toBe(`h${Number(wall.format(ms))}`);
      }
    }
  });
});
