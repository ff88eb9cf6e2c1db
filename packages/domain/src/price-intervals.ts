import { ok, refuse } from './result.js';
import type { Result } from './result.js';
import { stretchAt } from './tariff.js';
import type { Price, Tariff } from './tariff.js';
import type { OffsetTransition } from './utc-offset.js';

/** The longest real session touched about 90 intervals; beyond this a bill is refused, not cut. */
export const MAX_LINES = 128;

/** A longest stretch of a session in which one price holds. */
export interface PriceInterval {
  readonly priceId: string;
  readonly fromMs: number;
  /** Exclusive; equal to fromMs only in a session without duration. */
  readonly toMs: number;
}
export interface PricedInterval extends PriceInterval {
  readonly price: Price;
}

export type PriceIntervalFault =
  | { readonly code: 'NO_PRICE'; readonly atMs: number }
  | { readonly code: 'TOO_MANY_LINES' }
  | { readonly code: 'NO_OFFSETS' }
  | { readonly code: 'TIME_ORDER' };

/**
 * Cuts [startMs, endMs) at every change of price; neighbours with the same price are one interval, also over midnight.
 * A session without duration has one interval without duration.
 */
export function priceIntervals(
  tariff: Tariff,
  offsets: readonly OffsetTransition[],
  startMs: number,
  endMs: number,
): Result<readonly PriceInterval[], PriceIntervalFault> {
  const priced = pricedIntervals(tariff.prices, offsets, startMs, endMs);
  if (!priced.ok) return priced;
  return ok(priced.value.map(({ priceId, fromMs, toMs }) => ({ priceId, fromMs, toMs })));
}

/** The same with the prices themselves, for those who compute fees. */
export function pricedIntervals(
  prices: readonly Price[],
  offsets: readonly OffsetTransition[],
  startMs: number,
  endMs: number,
): Result<readonly PricedInterval[], PriceIntervalFault> {
  if (offsets.length === 0) return refuse({ code: 'NO_OFFSETS' });
  if (!(startMs <= endMs)) return refuse({ code: 'TIME_ORDER' });
  const intervals: PricedInterval[] = [];
  let atMs = startMs;
  do {
    const stretch = stretchAt(prices, offsets, atMs);
    if (stretch === undefined) return refuse({ code: 'NO_PRICE', atMs });
    const toMs = Math.min(stretch.untilMs, endMs);
    append(intervals, stretch.price, atMs, toMs);
    if (intervals.length > MAX_LINES) return refuse({ code: 'TOO_MANY_LINES' });
    atMs = toMs;
  } while (atMs < endMs);
  return ok(intervals);
}

function append(intervals: PricedInterval[], price: Price, fromMs: number, toMs: number): void {
  const last = intervals.at(-1);
  if (last?.priceId === price.priceId) {
    intervals[intervals.length - 1] = { ...last, toMs };
  } else {
    intervals.push({ priceId: price.priceId, fromMs, toMs, price });
  }
}
