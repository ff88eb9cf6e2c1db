import { describe, expect, it } from '@jest/globals';
import { checkTariffChange } from './tariff-change.js';
import type { Price, Tariff } from './tariff.js';

/** Monday. */
const MONDAY_MS = Date.UTC(2026, 10, 23);

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

describe('tariff change', () => {
  const nowMs = MONDAY_MS;
  const changed = (validToMs: number | null, validFromMs: number) =>
    tariffOf(price('a', 0, 1440, { validToMs }), price('b', 0, 1440, { validFromMs, electricityPriceE4: 1n }));
  const first = tariffOf(price('a', 0, 1440));

  it('lets a first version start at any time', () =>
    expect(checkTariffChange(undefined, first, nowMs)).toBeUndefined());
  it('accepts a successor from now on', () =>
    expect(checkTariffChange(first, changed(nowMs, nowMs), nowMs)).toBeUndefined());

  it.each([
    ['CHANGE_IN_THE_PAST', changed(nowMs - 1, nowMs - 1)],
    ['PRICE_REMOVED', tariffOf(price('b', 0, 1440))],
    ['PRICE_EDITED', tariffOf(price('a', 0, 1440, { electricityPriceE4: 9n }))],
    ['OPERATOR_CHANGED', { ...first, operatorId: 'TELD' }],
    ['GAP_IN_PRICES', changed(nowMs, nowMs + 1)],
  ])('answers %s', (fault, after) => expect(checkTariffChange(first, after, nowMs)).toBe(fault));

  it('never reopens a price that has ended', () => {
    const before = changed(nowMs - 10, nowMs - 10);
    expect(
      checkTariffChange(
        before,
        tariffOf(
          price('a', 0, 1440),
          price('b', 0, 1440, { validFromMs: nowMs - 10, validToMs: nowMs - 9, electricityPriceE4: 1n }),
        ),
        nowMs,
      ),
    ).toBe('OVERLAPPING_PRICES');
    expect(checkTariffChange(before, changed(nowMs + 10, nowMs + 10), nowMs)).toBe('PRICE_EDITED');
  });

  it.each([nowMs + 10, null])('never puts off an announced end, to %s', (endMs) => {
    const announced = tariffOf(price('a', 0, 1440, { validToMs: nowMs + 5 }));
    const later = tariffOf(price('a', 0, 1440, { validToMs: endMs }));
    expect(checkTariffChange(announced, later, nowMs)).toBe('PRICE_EDITED');
  });
});
