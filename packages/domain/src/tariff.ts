import { PRICE_E4_MAX } from './money.js';
import { failure, success, type Result } from './result.js';
import { localMinuteOfDay, localWeekday, MINUTES_PER_DAY, MS_PER_MINUTE, offsetAt, type EpochMs, type OffsetTransition } from './time.js';

/** The longest real session touches about 90 price intervals (rules.md). */
export const LINES_MAX = 128;
/** A tariff is read whole by the contract for each bill. */
export const PRICES_PER_TARIFF_MAX = 200;
const WEEKDAY_MASK_ALL = 127;

/** One price: local minutes `[fromMinute, toMinute)` on the weekdays of the mask, within `[validFromMs, validToMs)`. */
export interface Price {
  readonly priceId: string;
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Bit 0 = Monday … bit 6 = Sunday. */
  readonly weekdayMask: number;
  readonly validFromMs: EpochMs;
  readonly validToMs: EpochMs | null;
  /** 1e-4 currency units per kWh. */
  readonly electricityPriceE4: bigint;
  readonly servicePriceE4: bigint;
}

export interface Tariff {
  readonly tariffId: string;
  readonly operatorId: string;
  readonly prices: readonly Price[];
}

export interface PriceInterval {
  readonly priceId: string;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

function isValidAt(price: Price, ms: EpochMs): boolean {
  return price.validFromMs <= ms && (price.validToMs === null || ms < price.validToMs);
}

function coversMinute(price: Price, minute: number, weekday: number): boolean {
  return price.fromMinute <= minute && minute < price.toMinute && ((price.weekdayMask >> weekday) & 1) === 1;
}

/** The price in force at an instant of the station's local time; undefined when the tariff has none. */
export function priceAt(tariff: Tariff, offsets: readonly OffsetTransition[], ms: EpochMs): Price | undefined {
  const offsetMinutes = offsetAt(offsets, ms);
  const minute = localMinuteOfDay(ms, offsetMinutes);
  const weekday = localWeekday(ms, offsetMinutes);
  return tariff.prices.find((price) => isValidAt(price, ms) && coversMinute(price, minute, weekday));
}

function nextTransition(offsets: readonly OffsetTransition[], ms: EpochMs): EpochMs {
  // The first transition holds before itself, so it is no change.
  return offsets.slice(1).find(({ fromMs }) => fromMs > ms)?.fromMs ?? Number.MAX_SAFE_INTEGER;
}

/** First instant after `ms` at which another price may be in force. */
function nextBoundary(tariff: Tariff, offsets: readonly OffsetTransition[], price: Price, ms: EpochMs): EpochMs {
  const minute = localMinuteOfDay(ms, offsetAt(offsets, ms));
  const minuteStartMs = ms - (((ms % MS_PER_MINUTE) + MS_PER_MINUTE) % MS_PER_MINUTE);
  let boundary = Math.min(minuteStartMs + (price.toMinute - minute) * MS_PER_MINUTE, nextTransition(offsets, ms));
  if (price.validToMs !== null) boundary = Math.min(boundary, price.validToMs);
  return boundary;
}

export type IntervalFault = 'NO_PRICE' | 'TOO_MANY_LINES';

/**
 * The contiguous price intervals of `[startMs, endMs)`, neighbours of one price merged: one bill line each (rules.md).
 * A session without duration has one interval. Faults: no price in force, more than {@link LINES_MAX} intervals.
 */
export function priceIntervals(
  tariff: Tariff,
  offsets: readonly OffsetTransition[],
  startMs: EpochMs,
  endMs: EpochMs,
): Result<readonly PriceInterval[], IntervalFault> {
  const intervals: PriceInterval[] = [];
  let fromMs = startMs;
  do {
    const price = priceAt(tariff, offsets, fromMs);
    if (price === undefined) return failure('NO_PRICE');
    const toMs = Math.min(nextBoundary(tariff, offsets, price, fromMs), Math.max(endMs, startMs));
    const last = intervals.at(-1);
    if (last?.priceId === price.priceId) intervals[intervals.length - 1] = { ...last, toMs };
    else intervals.push({ priceId: price.priceId, fromMs, toMs });
    if (intervals.length > LINES_MAX) return failure('TOO_MANY_LINES');
    fromMs = toMs;
  } while (fromMs < endMs);
  return success(intervals);
}

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
  if (![fromMinute, toMinute].every(Number.isInteger) || fromMinute < 0 || toMinute > MINUTES_PER_DAY || fromMinute >= toMinute) return 'BAD_MINUTES';
  if (!Number.isInteger(weekdayMask) || weekdayMask < 1 || weekdayMask > WEEKDAY_MASK_ALL) return 'BAD_WEEKDAYS';
  if (!Number.isSafeInteger(validFromMs) || (validToMs !== null && (!Number.isSafeInteger(validToMs) || validToMs <= validFromMs))) return 'BAD_VALIDITY';
  const inRange = (value: bigint): boolean => value >= 0n && value <= PRICE_E4_MAX;
  return inRange(price.electricityPriceE4) && inRange(price.servicePriceE4) ? undefined : 'PRICE_OUT_OF_RANGE';
}

function validityMeets(a: Price, b: Price): boolean {
  return (a.validToMs === null || b.validFromMs < a.validToMs) && (b.validToMs === null || a.validFromMs < b.validToMs);
}

function overlap(a: Price, b: Price): boolean {
  return (a.weekdayMask & b.weekdayMask) !== 0 && a.fromMinute < b.toMinute && b.fromMinute < a.toMinute && validityMeets(a, b);
}

/** Whether one weekday is covered without a gap by the prices that are valid at `ms`; overlaps are excluded before. */
function coversDay(prices: readonly Price[], weekday: number, ms: EpochMs): boolean {
  const minutes = prices
    .filter((price) => isValidAt(price, ms) && ((price.weekdayMask >> weekday) & 1) === 1)
    .reduce((sum, price) => sum + price.toMinute - price.fromMinute, 0);
  return minutes === MINUTES_PER_DAY;
}

function hasGap(prices: readonly Price[]): boolean {
  const first = prices.reduce((min, { validFromMs }) => Math.min(min, validFromMs), Number.MAX_SAFE_INTEGER);
  const instants = new Set([first, ...prices.map(({ validFromMs }) => validFromMs), ...prices.flatMap(({ validToMs }) => validToMs ?? [])]);
  // The tariff may end as a whole: an instant from which on no price is valid is no gap.
  const open = [...instants].filter((ms) => prices.some((price) => isValidAt(price, ms)));
  return open.some((ms) => [0, 1, 2, 3, 4, 5, 6].some((weekday) => !coversDay(prices, weekday, ms)));
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

export type TariffChangeFault = TariffFault | 'OPERATOR_CHANGED' | 'PRICE_EDITED' | 'PRICE_REMOVED' | 'CHANGE_IN_THE_PAST';

function sameBut(before: Price, after: Price): boolean {
  return (
    before.fromMinute === after.fromMinute &&
    before.toMinute === after.toMinute &&
    before.weekdayMask === after.weekdayMask &&
    before.validFromMs === after.validFromMs &&
    before.electricityPriceE4 === after.electricityPriceE4 &&
    before.servicePriceE4 === after.servicePriceE4
  );
}

function existingPriceFault(before: Price, after: Price | undefined, nowMs: EpochMs): TariffChangeFault | undefined {
  if (after === undefined) return 'PRICE_REMOVED';
  if (!sameBut(before, after)) return 'PRICE_EDITED';
  if (before.validToMs === after.validToMs) return undefined;
  const ended = before.validToMs !== null && before.validToMs <= nowMs;
  return ended || (after.validToMs !== null && after.validToMs < nowMs) ? 'CHANGE_IN_THE_PAST' : undefined;
}

/**
 * Checks a change: existing prices stay as they are except for an end in the future, and new ones start in the future.
 * Only a tariff's first version may start at any time (rules.md): then `before` is undefined.
 */
export function checkTariffChange(before: Tariff | undefined, after: Tariff, nowMs: EpochMs): TariffChangeFault | undefined {
  const fault = checkTariff(after);
  if (fault !== undefined || before === undefined) return fault;
  if (before.operatorId !== after.operatorId) return 'OPERATOR_CHANGED';
  const changed = new Map(after.prices.map((price) => [price.priceId, price]));
  for (const price of before.prices) {
    const existing = existingPriceFault(price, changed.get(price.priceId), nowMs);
    if (existing !== undefined) return existing;
    changed.delete(price.priceId);
  }
  return [...changed.values()].some(({ validFromMs }) => validFromMs < nowMs) ? 'CHANGE_IN_THE_PAST' : undefined;
}
