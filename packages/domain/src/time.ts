import { dateFromDays, daysFromDate, daysInMonth, floorQuotient, floorRemainder } from './calendar.js';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
export const MINUTES_PER_DAY = 1440;
/** 2000-01-01T00:00:00Z: nothing charged by this protocol is older. */
export const TIME_MS_MIN = 946_684_800_000;
/** 2100-12-31T23:59:59.999Z: later times are faults of a clock. */
export const TIME_MS_MAX = 4_133_980_799_999;

const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/;
/** 1970-01-01 was a Thursday; weeks start on Monday. */
const WEEKDAY_OF_EPOCH = 3;

/** A whole number of epoch milliseconds in the years 2000 … 2100 (UTC). */
export function isInstantMs(ms: number): boolean {
  return Number.isInteger(ms) && ms >= TIME_MS_MIN && ms <= TIME_MS_MAX;
}

/**
 * Epoch milliseconds of an RFC 3339 timestamp (T, seconds and a zone are mandatory), fractions cut to milliseconds.
 * Undefined when refused: malformed, a date that does not exist, a leap second, outside the years 2000 … 2100.
 */
export function parseRfc3339Utc(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, offsetHour = '0', offsetMinute = '0'] = match;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  if (date.day < 1 || date.day > daysInMonth(date.year, date.month)) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute));
  const minutes = Number(hour) * 60 + Number(minute) - offset;
  const fractionMs = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const ms = daysFromDate(date) * DAY_MS + minutes * MINUTE_MS + Number(second) * 1000 + fractionMs;
  return isInstantMs(ms) ? ms : undefined;
}

/** "2026-03-01T08:30:00Z"; milliseconds only when there are any. @throws RangeError unless isInstantMs */
export function formatRfc3339(ms: number): string {
  if (!isInstantMs(ms)) throw new RangeError('not an instant of the years 2000 to 2100');
  const { year, month, day } = dateFromDays(floorQuotient(ms, DAY_MS));
  const msOfDay = floorRemainder(ms, DAY_MS);
  const hour = floorQuotient(msOfDay, 60 * MINUTE_MS);
  const minute = floorQuotient(msOfDay, MINUTE_MS) % 60;
  const second = floorQuotient(msOfDay, 1000) % 60;
  const fraction = ms % 1000 === 0 ? '' : `.${padded(ms % 1000, 3)}`;
  return `${year}-${padded(month, 2)}-${padded(day, 2)}T${padded(hour, 2)}:${padded(minute, 2)}:${padded(second, 2)}${fraction}Z`;
}

/** Milliseconds since local midnight. */
export function localMsOfDay(ms: number, offsetMinutes: number): number {
  return floorRemainder(ms + offsetMinutes * MINUTE_MS, DAY_MS);
}

/** 0 … 1439. */
export function localMinuteOfDay(ms: number, offsetMinutes: number): number {
  return floorQuotient(localMsOfDay(ms, offsetMinutes), MINUTE_MS);
}

/** 0 is Monday, 6 is Sunday. */
export function localWeekday(ms: number, offsetMinutes: number): number {
  return floorRemainder(floorQuotient(ms + offsetMinutes * MINUTE_MS, DAY_MS) + WEEKDAY_OF_EPOCH, 7);
}

function padded(value: number, width: number): string {
  return value.toString().padStart(width, '0');
}
