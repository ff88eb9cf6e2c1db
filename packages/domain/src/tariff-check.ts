import { PRICE_E4_MAX } from './money.js';
import { isOnWeekday, isValidAt, WEEKDAY_MASK_ALL, type Price, type Tariff } from './tariff.js';
import { MINUTES_PER_DAY, type EpochMs } from './time.js';

/** A tariff is read whole by the contract at each change. */
export const PRICES_PER_TARIFF_MAX = 200;

export type TariffFault =
  | 'NO_PRICES'
  | 'TOO_MANY_PRICES'
  | 'DUPLICATE_PRICE_ID'
  | 'BAD_MINUTES'
  | 'BAD_WEEKDAYS'
  | 'BAD_VALIDITY'
  | 'PRICE_OUT_OF_RANGE'
  | 'OVERLAPPING_PRICES'
  | 'GAP_IN_PRICES';

function priceFault(price: Price): TariffFault | undefined {
  const { fromMinute, toMinute, weekdayMask, validFromMs, validToMs } = price;
  if (
    ![fromMinute, toMinute].every(Number.isInteger) ||
    fromMinute < 0 ||
    toMinute > MINUTES_PER_DAY ||
    fromMinute >= toMinute
  )
    return 'BAD_MINUTES';
  if (!Number.isInteger(weekdayMask) || weekdayMask < 1 || weekdayMask > WEEKDAY_MASK_ALL) return 'BAD_WEEKDAYS';
  if (
    !Number.isSafeInteger(validFromMs) ||
    (validToMs !== null && (!Number.isSafeInteger(validToMs) || validToMs <= validFromMs))
  )
    return 'BAD_VALIDITY';
  const inRange = (value: bigint): boolean => value >= 0n && value <= PRICE_E4_MAX;
  return inRange(price.electricityPriceE4) && inRange(price.servicePriceE4) ? undefined : 'PRICE_OUT_OF_RANGE';
}

function validityMeets(a: Price, b: Price): boolean {
  return (a.validToMs === null || b.validFromMs < a.validToMs) && (b.validToMs === null || a.validFromMs < b.validToMs);
}

function overlap(a: Price, b: Price): boolean {
  return (
    (a.weekdayMask & b.weekdayMask) !== 0 &&
    a.fromMinute < b.toMinute &&
    b.fromMinute < a.toMinute &&
    validityMeets(a, b)
  );
}

/** Whether one weekday is covered without a gap by the prices that are valid at `ms`; overlaps are excluded before. */
function coversDay(prices: readonly Price[], weekday: number, ms: EpochMs): boolean {
  const minutes = prices
    .filter((price) => isValidAt(price, ms) && isOnWeekday(price, weekday))
    .reduce((sum, price) => sum + price.toMinute - price.fromMinute, 0);
  return minutes === MINUTES_PER_DAY;
}

/** Only a start or an end of validity changes what holds: between them one week stands for all. */
function hasGap(prices: readonly Price[]): boolean {
  const cuts = new Set(prices.flatMap(({ validFromMs, validToMs }) => [validFromMs, validToMs ?? validFromMs]));
  // The tariff may end as a whole, but not pause: from its last end on there is nothing to cover.
  const endMs = prices.reduce((max, { validToMs }) => Math.max(max, validToMs ?? Number.MAX_SAFE_INTEGER), 0);
  return [...cuts]
    .filter((ms) => ms < endMs)
    .some((ms) => [0, 1, 2, 3, 4, 5, 6].some((weekday) => !coversDay(prices, weekday, ms)));
}

/** Checks a whole tariff: well-formed prices that cover every minute of their validity exactly once. */
export function checkTariff(tariff: Tariff): TariffFault | undefined {
  const { prices } = tariff;
  if (prices.length === 0) return 'NO_PRICES';
  if (prices.length > PRICES_PER_TARIFF_MAX) return 'TOO_MANY_PRICES';
  if (new Set(prices.map(({ priceId }) => priceId)).size !== prices.length) return 'DUPLICATE_PRICE_ID';
  for (const price of prices) {
    const fault = priceFault(price);
    if (fault !== undefined) return fault;
  }
  const overlaps = prices.some((a, index) => prices.slice(index + 1).some((b) => overlap(a, b)));
  if (overlaps) return 'OVERLAPPING_PRICES';
  return hasGap(prices) ? 'GAP_IN_PRICES' : undefined;
}
