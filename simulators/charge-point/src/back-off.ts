import type { Rng } from './rng.js';

/** First wait after a lost connection. */
const FIRST_DELAY_MS = 500;
/** Longest wait: a pile that lost its server looks again at least this often. */
export const BACK_OFF_MS_MAX = 30_000;

/** Exponential back-off with jitter, so that a fleet does not come back in one wave. */
export function backOffMs(attempt: number, rng: Rng): number {
  const ceilingMs = Math.min(BACK_OFF_MS_MAX, FIRST_DELAY_MS * 2 ** Math.min(attempt, 16));
  return Math.round(ceilingMs * (0.5 + 0.5 * rng.next()));
}
