/**
 * Times of OCPP messages (ISO 8601 / RFC 3339), read by a parser of our own: `Date.parse` accepts too much,
 * depends on the local zone, and a charger's year 222222017 must never reach the database (reliability.md C11).
 */
export const TIMESTAMP_YEAR_MIN = 2000;
export const TIMESTAMP_YEAR_MAX = 2100;
/** Longest form that we read: date, time, 9 digits of a second, offset. Bounds the work on a 256 KiB string. */
export const TIMESTAMP_LENGTH_MAX = 35;

export interface ParsedTimestamp {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  readonly epochMs: number;
  /** No zone was given: taken as UTC, and flagged. */
  readonly zoneMissing: boolean;
}

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:([Zz])|([+-])(\d\d):?(\d\d))?$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function daysInMonth(year: number, month: number): number {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeapYear ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/** The instant, or undefined for anything that is not a date and time in the years 2000 to 2100. */
export function parseTimestamp(text: string): ParsedTimestamp | undefined {
  if (text.length > TIMESTAMP_LENGTH_MAX) return undefined;
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const year = Number(match[1]);
  const month = Number(match[2]);
  const day = Number(match[3]);
  const hour = Number(match[4]);
  const minute = Number(match[5]);
  const second = Number(match[6]);
  if (year < TIMESTAMP_YEAR_MIN || year > TIMESTAMP_YEAR_MAX) return undefined;
  if (day < 1 || day > daysInMonth(year, month)) return undefined;
  // 60 is a leap second: the standard's "next second", which Date.UTC makes of it.
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const offsetHour = Number(match[10] ?? 0);
  const offsetMinute = Number(match[11] ?? 0);
  if (offsetHour > 23 || offsetMinute > 59) return undefined;
  const milliseconds = Number((match[7] ?? '0').padEnd(3, '0').slice(0, 3));
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
  const offsetMs = (match[9] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute) * 60_000;
  return { epochMs: localMs - offsetMs, zoneMissing: match[8] === undefined && match[9] === undefined };
}
