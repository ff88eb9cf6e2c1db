import { describe, expect, it } from '@jest/globals';
import { checkTariff, PRICES_PER_TARIFF_MAX } from './tariff-check.js';
import type { Price, Tariff } from './tariff.js';

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

describe('tariff checks', () => {
  it('accepts a day that is covered exactly once', () => expect(checkTariff(DAY_AND_NIGHT)).toBeUndefined());

  const tooMany = Array.from({ length: PRICES_PER_TARIFF_MAX + 1 }, (_, index) => price(`p${index}`, 0, 1440));
  it.each([
    ['NO_PRICES', []],
    ['TOO_MANY_PRICES', tooMany],
    ['DUPLICATE_PRICE_ID', [price('a', 0, 720), price('a', 720, 1440)]],
    ['BAD_MINUTES', [price('a', -1, 1440)]],
    ['BAD_MINUTES', [price('a', 0, 1441)]],
    ['BAD_MINUTES', [price('a', 0, 0)]],
    ['BAD_MINUTES', [price('a', 0.5, 1440)]],
    ['BAD_WEEKDAYS', [price('a', 0, 1440, { weekdayMask: 0 })]],
    ['BAD_WEEKDAYS', [price('a', 0, 1440, { weekdayMask: 128 })]],
    ['BAD_VALIDITY', [price('a', 0, 1440, { validToMs: 0 })]],
    ['BAD_VALIDITY', [price('a', 0, 1440, { validFromMs: Number.NaN })]],
    ['PRICE_OUT_OF_RANGE', [price('a', 0, 1440, { servicePriceE4: -1n })]],
    ['PRICE_OUT_OF_RANGE', [price('a', 0, 1440, { electricityPriceE4: 10_000_000n })]],
    ['OVERLAPPING_PRICES', [price('a', 0, 721), price('b', 720, 1440)]],
    ['GAP_IN_PRICES', [price('a', 0, 720), price('b', 721, 1440)]],
    ['GAP_IN_PRICES', [price('a', 0, 1440, { weekdayMask: 63 })]],
    [
      'GAP_IN_PRICES',
      [price('a', 0, 720), price('b', 720, 1440, { validToMs: 5 }), price('c', 720, 1440, { validFromMs: 6 })],
    ],
  ])('answers %s', (fault, prices) => expect(checkTariff(tariffOf(...prices))).toBe(fault));

  it('accepts prices in any order', () => {
    expect(checkTariff(tariffOf(price('b', 720, 1440), price('a', 0, 720)))).toBeUndefined();
  });
});
