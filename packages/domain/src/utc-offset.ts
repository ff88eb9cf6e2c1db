import type { EpochMs } from './time.js';

/** From `fromMs` on the local clock is `offsetMinutes` ahead of UTC; the first one also holds before it. */
export interface OffsetTransition {
  readonly fromMs: EpochMs;
  readonly offsetMinutes: number;
}

/**
 * Offset at an instant. Transitions are ascending by `fromMs`.
 * Throws RangeError without any: pricing by UTC instead would bill the wrong period in silence.
 */
export function offsetAt(transitions: readonly OffsetTransition[], ms: EpochMs): number {
  const begun = transitions[Math.max(countBegun(transitions, ms) - 1, 0)];
  if (begun === undefined) throw new RangeError('a station has at least one UTC offset');
  return begun.offsetMinutes;
}

/** When the clock is next put forward or back, after `ms`; undefined when never again. */
export function nextTransitionMs(transitions: readonly OffsetTransition[], ms: EpochMs): EpochMs | undefined {
  // The first transition holds before itself, so it is no change.
  return transitions[Math.max(countBegun(transitions, ms), 1)]?.fromMs;
}

/** How many transitions have begun, by halving: a station's table may reach a century ahead. */
function countBegun(transitions: readonly OffsetTransition[], ms: EpochMs): number {
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
