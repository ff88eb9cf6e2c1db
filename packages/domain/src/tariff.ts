import { localMinuteOfDay, localWeekday } from './time.js';
import type { EpochMs } from './time.js';
import { offsetAt } from './utc-offset.js';
import type { OffsetTransition } from './utc-offset.js';

export const WEEKDAY_MASK_ALL = 127;

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

/** Whether an instant lies in `[validFromMs, validToMs)`. */
export function isValidAt(price: Price, ms: EpochMs): boolean {
  return price.validFromMs <= ms && (price.validToMs === null || ms < price.validToMs);
}

/** @param weekday 0 = Monday … 6 = Sunday */
export function isOnWeekday(price: Price, weekday: number): boolean {
  return ((price.weekdayMask >> weekday) & 1) === 1;
}

function coversMinute(price: Price, minute: number, weekday: number): boolean {
  return price.fromMinute <= minute && minute < price.toMinute && isOnWeekday(price, weekday);
}

/** The price in force at an instant of the station's local time; undefined when the tariff has none. Throws RangeError without offsets. */
export function priceAt(tariff: Tariff, offsets: readonly OffsetTransition[], ms: EpochMs): Price | undefined {
  const offsetMinutes = offsetAt(offsets, ms);
  const minute = localMinuteOfDay(ms, offsetMinutes);
  const weekday = localWeekday(ms, offsetMinutes);
  return tariff.prices.find((price) => isValidAt(price, ms) && coversMinute(price, minute, weekday));
}
