import { describe, expect, it } from '@jest/globals';
import { BACK_OFF_MS_MAX, backOffMs } from './back-off.js';
import { Rng } from './rng.js';

describe('backOffMs', () => {
  it('grows from half a second and is never above the limit', () => {
    const rng = new Rng(1);
    const first = backOffMs(0, rng);
    expect(first).toBeGreaterThanOrEqual(250);
    expect(first).toBeLessThanOrEqual(500);
    for (const attempt of [3, 10, 1000]) expect(backOffMs(attempt, rng)).toBeLessThanOrEqual(BACK_OFF_MS_MAX);
    expect(backOffMs(1000, rng)).toBeGreaterThanOrEqual(BACK_OFF_MS_MAX / 2);
  });

  it('spreads a fleet: two piles do not wait equally long', () => {
    expect(backOffMs(5, new Rng(1))).not.toBe(backOffMs(5, new Rng(2)));
  });
});
