/* Proleptic Gregorian calendar in integers: two runtimes may know different zones, they cannot disagree here. */

export interface CivilDate {
  readonly year: number;
  /** 1 … 12 */
  readonly month: number;
  /** 1 … 31 */
  readonly day: number;
}

const DAYS_PER_ERA = 146_097;
const DAYS_FROM_YEAR_ZERO = 719_468;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Quotient towards minus infinity, exact for safe integers: the remainder is taken off before dividing. */
export function floorQuotient(value: number, divisor: number): number {
  return (value - floorRemainder(value, divisor)) / divisor;
}

/** Remainder in 0 … divisor − 1, also of negative values. */
export function floorRemainder(value: number, divisor: number): number {
  const remainder = value % divisor;
  return remainder < 0 ? remainder + divisor : remainder + 0;
}

/** Days since 1970-01-01 of a date that exists; years count from March, so that the leap day is the last one. */
export function daysFromDate({ year, month, day }: CivilDate): number {
  const marchYear = month > 2 ? year : year - 1;
  const era = floorQuotient(marchYear, 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = floorQuotient(153 * ((month + 9) % 12) + 2, 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + floorQuotient(yearOfEra, 4) - floorQuotient(yearOfEra, 100) + dayOfYear;
  return era * DAYS_PER_ERA + dayOfEra - DAYS_FROM_YEAR_ZERO;
}

/** Inverse of daysFromDate. */
export function dateFromDays(days: number): CivilDate {
  const shifted = days + DAYS_FROM_YEAR_ZERO;
  const era = floorQuotient(shifted, DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const leapDays =
    floorQuotient(dayOfEra, 1460) - floorQuotient(dayOfEra, 36_524) + floorQuotient(dayOfEra, DAYS_PER_ERA - 1);
  const yearOfEra = floorQuotient(dayOfEra - leapDays, 365);
  const yearStart = 365 * yearOfEra + floorQuotient(yearOfEra, 4) - floorQuotient(yearOfEra, 100);
  const dayOfYear = dayOfEra - yearStart;
  const marchMonth = floorQuotient(5 * dayOfYear + 2, 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - floorQuotient(153 * marchMonth + 2, 5) + 1,
  };
}

/** 28 … 31; 0 for a month that does not exist. */
export function daysInMonth(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0);
}
