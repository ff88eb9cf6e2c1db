/** Epoch milliseconds, UTC: the only form of time inside the rules. */
export type EpochMs = number;

export const MS_PER_MINUTE = 60_000;
export const MINUTES_PER_DAY = 1_440;
const MS_PER_DAY = MS_PER_MINUTE * MINUTES_PER_DAY;
/** Years that a charging session can plausibly have; others are refused, not wrapped. */
const YEAR_MIN = 2000;
const YEAR_MAX = 2100;
/** 1970-01-01 was a Thursday; weekday 0 is Monday. */
const EPOCH_WEEKDAY = 3;
const DAYS_PER_WEEK = 7;

function floorDiv(dividend: number, divisor: number): number {
  return (dividend - floorMod(dividend, divisor)) / divisor;
}

function floorMod(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor;
}

/** Days since 1970-01-01 of a proleptic Gregorian date. The year starts in March, so that the leap day comes last. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = floorDiv(y, 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = floorDiv(153 * (month + (month > 2 ? -3 : 9)) + 2, 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function civilFromDays(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = floorDiv(z, 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = floorDiv(
    dayOfEra - floorDiv(dayOfEra, 1_460) + floorDiv(dayOfEra, 36_524) - floorDiv(dayOfEra, 146_096),
    365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + floorDiv(yearOfEra, 4) - floorDiv(yearOfEra, 100));
  const shifted = floorDiv(5 * dayOfYear + 2, 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - floorDiv(153 * shifted + 2, 5) + 1 };
}

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

function dateMs(year: number, month: number, day: number): EpochMs | undefined {
  if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1) return undefined;
  const days = daysFromCivil(year, month, day);
  const back = civilFromDays(days);
  return back.month === month && back.day === day ? days * MS_PER_DAY : undefined;
}

function offsetMs(sign: string | undefined, hours: number, minutes: number): number | undefined {
  if (sign === undefined) return 0;
  if (hours > 23 || minutes > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * MS_PER_MINUTE;
}

/**
 * Reads an RFC 3339 instant, years 2000–2100; digits below milliseconds are cut. A leap second counts as the next second.
 * Returns undefined for everything else: the caller decides what that means.
 */
export function parseRfc3339Utc(text: string): EpochMs | undefined {
  const match = RFC_3339.exec(text);
  if (match === null) return undefined;
  const field = (index: number): number => Number(match[index] ?? '0');
  const date = dateMs(field(1), field(2), field(3));
  const offset = offsetMs(match[9], field(10), field(11));
  if (date === undefined || offset === undefined) return undefined;
  const [hour, minute, second] = [field(4), field(5), field(6)];
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const millis = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return date + (hour * 60 + minute) * MS_PER_MINUTE + second * 1_000 + millis - offset;
}

function pad(value: number, width: number): string {
  return value.toString().padStart(width, '0');
}

/** RFC 3339 UTC text; milliseconds only when they are not zero. */
export function formatRfc3339(ms: EpochMs): string {
  const days = floorDiv(ms, MS_PER_DAY);
  const { year, month, day } = civilFromDays(days);
  const rest = ms - days * MS_PER_DAY;
  const seconds = floorDiv(rest, 1_000);
  const millis = rest - seconds * 1_000;
  const clock = [floorDiv(seconds, 3_600), floorDiv(seconds, 60) % 60, seconds % 60]
    .map((part) => pad(part, 2))
    .join(':');
  const fraction = millis === 0 ? '' : `.${pad(millis, 3)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${clock}${fraction}Z`;
}

/** Minute of the local day, 0 … 1439. */
export function localMinuteOfDay(ms: EpochMs, offsetMinutes: number): number {
  return floorMod(floorDiv(ms, MS_PER_MINUTE) + offsetMinutes, MINUTES_PER_DAY);
}

/** Local weekday, 0 = Monday … 6 = Sunday. */
export function localWeekday(ms: EpochMs, offsetMinutes: number): number {
  const days = floorDiv(ms + offsetMinutes * MS_PER_MINUTE, MS_PER_DAY);
  return floorMod(days + EPOCH_WEEKDAY, DAYS_PER_WEEK);
}
