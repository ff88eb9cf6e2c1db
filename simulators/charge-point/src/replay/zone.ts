import { Temporal } from 'temporal-polyfill';
import type { LocalDateTime } from './date-format.js';

/**
 * Local time of an IANA zone to epoch milliseconds. An hour that exists twice means its first pass; one that the clock
 * skips is read with the offset before the change.
 */
export function zonedEpochMs(local: LocalDateTime, timeZone: string): number {
  return Temporal.PlainDateTime.from({ ...local }).toZonedDateTime(timeZone, { disambiguation: 'compatible' })
    .epochMilliseconds;
}
