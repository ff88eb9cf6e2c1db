import { localMsOfDay, localWeekday, MINUTE_MS, MINUTES_PER_DAY, TIME_MS_MAX } from './time.js';
import { offsetPeriodAt } from './utc-offset.js';
import type { OffsetTransition } from './utc-offset.js';

/** Unit prices of one period of the local day, on some weekdays, between two instants. */
export interface Price {
  readonly priceId: string;
  /** Local minutes of the day, 0 … 1439, inclusive. */
  readonly fromMinute: number;
  /** 1 … 1440, exclusive, after fromMinute: a night tariff is two prices. */
  readonly toMinute: number;
  /** Bit 0 is Monday … bit 6 is Sunday; 1 … 127. */
  readonly weekdayMask: number;
  readonly validFromMs: number;
  /** Exclusive; null while open. */
  readonly validToMs: number | null;
  /** 1e-4 currency units per kWh. */
  readonly electricityPriceE4: bigint;
  readonly servicePriceE4: bigint;
}

export interface Tariff {
  readonly tariffId: string;
  readonly operatorId: string;
  readonly prices: readonly Price[];
}

export const EVERY_DAY = 0b111_1111;

/** An instant as the station's clock shows it; `offsetUntilMs` is when that clock is next put forward or back. */
interface LocalMoment {
  readonly atMs: number;
  readonly weekday: number;
  readonly msOfDay: number;
  readonly offsetUntilMs: number;
}

/** A price and the instant up to which it surely holds without a break. */
export interface Stretch {
  readonly price: Price;
  readonly untilMs: number;
}

/** The price at an instant; undefined when the tariff has none. @throws RangeError without any offset */
export function priceAt(tariff: Tariff, offsets: readonly OffsetTransition[], ms: number): Price | undefined {
  return stretchAt(tariff.prices, offsets, ms)?.price;
}

/** The price at an instant and how long it holds: at least to the end of its period that day, never across a gap. */
export function stretchAt(
  prices: readonly Price[],
  offsets: readonly OffsetTransition[],
  atMs: number,
): Stretch | undefined {
  const moment = localMoment(offsets, atMs);
  const price = prices.find((candidate) => applies(candidate, moment));
  return price === undefined ? undefined : { price, untilMs: holdsUntilMs(price, moment) };
}

/** True when the price is the one in force at every instant of [fromMs, toMs), or at fromMs when both are equal. */
export function holdsThroughout(
  price: Price,
  offsets: readonly OffsetTransition[],
  fromMs: number,
  toMs: number,
): boolean {
  let atMs = fromMs;
  do {
    const stretch = stretchAt([price], offsets, atMs);
    if (stretch === undefined) return false;
    atMs = stretch.untilMs;
  } while (atMs < toMs);
  return true;
}

function localMoment(offsets: readonly OffsetTransition[], atMs: number): LocalMoment {
  const { offsetMinutes, untilMs } = offsetPeriodAt(offsets, atMs);
  return {
    atMs,
    weekday: localWeekday(atMs, offsetMinutes),
    msOfDay: localMsOfDay(atMs, offsetMinutes),
    offsetUntilMs: untilMs,
  };
}

function applies(price: Price, { atMs, weekday, msOfDay }: LocalMoment): boolean {
  if (atMs < price.validFromMs || atMs >= endOfValidityMs(price)) return false;
  if (((price.weekdayMask >> weekday) & 1) === 0) return false;
  return msOfDay >= price.fromMinute * MINUTE_MS && msOfDay < price.toMinute * MINUTE_MS;
}

function holdsUntilMs(price: Price, { atMs, msOfDay, offsetUntilMs }: LocalMoment): number {
  const validToMs = endOfValidityMs(price);
  // Neither midnight nor a clock change ends it: a step per day would let one long session cost thousands of steps.
  if (isAroundTheClock(price)) return validToMs;
  return Math.min(atMs - msOfDay + price.toMinute * MINUTE_MS, offsetUntilMs, validToMs);
}

function endOfValidityMs(price: Price): number {
  return price.validToMs ?? TIME_MS_MAX + 1;
}

function isAroundTheClock({ fromMinute, toMinute, weekdayMask }: Price): boolean {
  return fromMinute === 0 && toMinute === MINUTES_PER_DAY && weekdayMask === EVERY_DAY;
}
