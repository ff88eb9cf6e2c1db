import { TIME_MS_MAX } from './time.js';

/** From `fromMs` on the station's clocks are `offsetMinutes` ahead of UTC. The first one also holds before it. */
export interface OffsetTransition {
  readonly fromMs: number;
  readonly offsetMinutes: number;
}

/** The offset at an instant, and the instant at which the next one begins. */
export interface OffsetPeriod {
  readonly offsetMinutes: number;
  readonly untilMs: number;
}

/** Two transitions a year for two centuries. */
export const OFFSETS_MAX = 400;
/** Kiribati is 14 hours ahead; nobody is further from UTC. */
export const OFFSET_MINUTES_MAX = 14 * 60;

export type OffsetFault = 'NO_OFFSETS' | 'TOO_MANY_OFFSETS' | 'OFFSETS_UNSORTED' | 'OFFSET_RANGE';

/** What a station's registration must satisfy; empty when all is well. */
export function checkOffsets(transitions: readonly OffsetTransition[]): readonly OffsetFault[] {
  const faults: OffsetFault[] = [];
  if (transitions.length === 0) faults.push('NO_OFFSETS');
  if (transitions.length > OFFSETS_MAX) faults.push('TOO_MANY_OFFSETS');
  if (!transitions.every(isInRange)) faults.push('OFFSET_RANGE');
  if (!transitions.every(({ fromMs }, index) => index === 0 || fromMs > (transitions[index - 1]?.fromMs ?? fromMs))) {
    faults.push('OFFSETS_UNSORTED');
  }
  return faults;
}

/** Minutes ahead of UTC at an instant. @throws RangeError without any transition */
export function offsetAt(transitions: readonly OffsetTransition[], ms: number): number {
  return offsetPeriodAt(transitions, ms).offsetMinutes;
}

/** @param transitions ascending by fromMs @throws RangeError without any transition */
export function offsetPeriodAt(transitions: readonly OffsetTransition[], ms: number): OffsetPeriod {
  const next = firstAfter(transitions, ms);
  const current = transitions[next === 0 ? 0 : next - 1];
  if (current === undefined) throw new RangeError('a station has at least one UTC offset');
  const following = transitions[next === 0 ? 1 : next];
  return { offsetMinutes: current.offsetMinutes, untilMs: following?.fromMs ?? TIME_MS_MAX + 1 };
}

/** Index of the first transition after `ms`, by halving: a table may reach a century ahead. */
function firstAfter(transitions: readonly OffsetTransition[], ms: number): number {
  let low = 0;
  let high = transitions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const transition = transitions[middle];
    if (transition !== undefined && transition.fromMs <= ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isInRange({ fromMs, offsetMinutes }: OffsetTransition): boolean {
  if (!Number.isSafeInteger(fromMs) || fromMs > TIME_MS_MAX) return false;
  return Number.isInteger(offsetMinutes) && Math.abs(offsetMinutes) <= OFFSET_MINUTES_MAX;
}
