import type { Randomness } from '../randomness.js';

/** First pause; a conflict is usually over after one block. */
export const BACKOFF_FIRST_MS = 50;
/** Longest pause: unavailability is waited out, and seen again within seconds after it ends. */
export const BACKOFF_MAX_MS = 5_000;

/** Doubling pauses with jitter over the upper half, so that writers that collided do not meet again. `attempt` counts from 1. */
export function backoffMs(attempt: number, randomness: Randomness): number {
  const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt - 1, 20));
  return Math.round(ceilingMs / 2 + (ceilingMs / 2) * randomness.fraction());
}
