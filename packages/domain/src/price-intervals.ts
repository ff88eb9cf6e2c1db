import { failure, success, type Result } from './result.js';
import { priceAt, WEEKDAY_MASK_ALL, type Price, type Tariff } from './tariff.js';
import { localMinuteOfDay, MINUTES_PER_DAY, MS_PER_MINUTE, type EpochMs } from './time.js';
import { nextTransitionMs, offsetAt, type OffsetTransition } from './utc-offset.js';

/** The longest real session touches about 90 price intervals (rules.md). */
export const LINES_MAX = 128;

export interface PriceInterval {
  readonly priceId: string;
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

export type IntervalFault = 'NO_PRICE' | 'TOO_MANY_LINES' | 'NO_OFFSETS';

/**
 * The contiguous price intervals of `[startMs, endMs)`, neighbours of one price merged: one bill line each (rules.md).
 * A session without duration has one interval. Faults: no price in force, more than {@link LINES_MAX} intervals, a
 * station without UTC offsets.
 * The tariff may be a part of the station's: where the missing prices hold, the answer is NO_PRICE.
 */
export function priceIntervals(
  tariff: Tariff,
  offsets: readonly OffsetTransition[],
  startMs: EpochMs,
  endMs: EpochMs,
): Result<readonly PriceInterval[], IntervalFault> {
  if (offsets.length === 0) return failure('NO_OFFSETS');
  const intervals: PriceInterval[] = [];
  let fromMs = startMs;
  do {
    const price = priceAt(tariff, offsets, fromMs);
    if (price === undefined) return failure('NO_PRICE');
    const toMs = Math.min(nextBoundary(offsets, price, fromMs), Math.max(endMs, startMs));
    append(intervals, { priceId: price.priceId, fromMs, toMs });
    if (intervals.length > LINES_MAX) return failure('TOO_MANY_LINES');
    fromMs = toMs;
  } while (fromMs < endMs);
  return success(intervals);
}

/** First instant after `ms` at which another price may be in force. */
function nextBoundary(offsets: readonly OffsetTransition[], price: Price, ms: EpochMs): EpochMs {
  const validToMs = price.validToMs ?? Number.MAX_SAFE_INTEGER;
  // Neither midnight nor a clock change ends it: a step per day would let one claim of a century cost every peer seconds.
  if (isAroundTheClock(price)) return validToMs;
  const minute = localMinuteOfDay(ms, offsetAt(offsets, ms));
  const minuteStartMs = ms - (((ms % MS_PER_MINUTE) + MS_PER_MINUTE) % MS_PER_MINUTE);
  const periodEndMs = minuteStartMs + (price.toMinute - minute) * MS_PER_MINUTE;
  return Math.min(periodEndMs, validToMs, nextTransitionMs(offsets, ms) ?? validToMs);
}

function isAroundTheClock({ fromMinute, toMinute, weekdayMask }: Price): boolean {
  return fromMinute === 0 && toMinute === MINUTES_PER_DAY && weekdayMask === WEEKDAY_MASK_ALL;
}

function append(intervals: PriceInterval[], next: PriceInterval): void {
  const last = intervals.at(-1);
  if (last?.priceId === next.priceId) intervals[intervals.length - 1] = { ...last, toMs: next.toMs };
  else intervals.push(next);
}
