import { describe, expect, it } from '@jest/globals';
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, backoffMs } from './backoff.js';

const always = (value: number) => ({ fraction: () => value });

describe('back-off', () => {
  it('doubles up to its ceiling', () => {
    expect([1, 2, 3].map((attempt) => backoffMs(attempt, always(1)))).toEqual([
      BACKOFF_FIRST_MS,
      2 * BACKOFF_FIRST_MS,
      4 * BACKOFF_FIRST_MS,
    ]);
    expect(backoffMs(60, always(1))).toBe(BACKOFF_MAX_MS);
  });

  it('spreads over the upper half', () => {
    expect(backoffMs(2, always(0))).toBe(BACKOFF_FIRST_MS);
    expect(backoffMs(2, always(0.5))).toBe(1.5 * BACKOFF_FIRST_MS);
  });
});
