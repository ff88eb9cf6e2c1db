import type { OffsetTransitionArgs } from '@tallywatt/contracts';
import { Temporal } from 'temporal-polyfill';
import { invalidField } from './refusal.js';

/** Recorded sessions reach back to here; the first offset holds before it too. */
const FROM_MS = Date.UTC(2015, 0, 1);
/** A station is registered again long before: zone rules ten years ahead are a guess anyway. */
export const OFFSET_YEARS_AHEAD = 10;
const NANOSECONDS_PER_MINUTE = 60_000_000_000;
/** `Area/City` or `UTC`; an offset such as `+08:00` is a valid time zone for Temporal, but no zone with rules. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/;

/**
 * UTC-offset transitions of an IANA zone from 2015 to ten years ahead: what the ledger stores, so that neither contract
 * nor domain asks a time-zone library. @throws OperationRefusal 400 for an unknown zone.
 */
export function stationOffsets(timeZone: string, nowMs: number): OffsetTransitionArgs[] {
  const start = zonedStart(timeZone);
  const endMs = yearsAfter(nowMs);
  const offsets = [transition(start, FROM_MS)];
  let next = start.getTimeZoneTransition('next');
  while (next !== null && next.epochMilliseconds <= endMs) {
    const one = transition(next, next.epochMilliseconds);
    // Zones also change their name or rules without moving the clock.
    if (offsets.at(-1)?.offsetMinutes !== one.offsetMinutes) offsets.push(one);
    next = next.getTimeZoneTransition('next');
  }
  return offsets;
}

function zonedStart(timeZone: string): Temporal.ZonedDateTime {
  const unknown = invalidField('/timeZone', 'unknown_time_zone', 'not an IANA time zone');
  if (!ZONE_NAME.test(timeZone)) throw unknown;
  try {
    return Temporal.Instant.fromEpochMilliseconds(FROM_MS).toZonedDateTimeISO(timeZone);
  } catch {
    throw unknown;
  }
}

function yearsAfter(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear() + OFFSET_YEARS_AHEAD, now.getUTCMonth(), now.getUTCDate());
}

function transition(at: Temporal.ZonedDateTime, fromMs: number): OffsetTransitionArgs {
  return { fromMs, offsetMinutes: Math.round(at.offsetNanoseconds / NANOSECONDS_PER_MINUTE) };
}
