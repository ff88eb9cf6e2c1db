import { describe, expect, it } from '@jest/globals';
import { AttemptLimiter } from './attempt-limiter.js';
import { LIMITER_ENTRIES_MAX } from './limits.js';

describe('AttemptLimiter', () => {
  it('locks at the limit until the window ends', () => {
    const limiter = new AttemptLimiter(2, 1000);
    limiter.recordFailure('a', 0);
    expect(limiter.lockedForMs('a', 1)).toBe(0);
    limiter.recordFailure('a', 400);
    expect(limiter.lockedForMs('a', 400)).toBe(600);
    expect(limiter.lockedForMs('b', 400)).toBe(0);
    expect(limiter.lockedForMs('a', 1000)).toBe(0);
    limiter.recordFailure('a', 1000);
    expect(limiter.lockedForMs('a', 1001)).toBe(0);
  });

  it('forgives what was no failure, and never below none', () => {
    const limiter = new AttemptLimiter(1, 1000);
    limiter.recordFailure('a', 0);
    limiter.forgive('a');
    limiter.forgive('a');
    limiter.forgive('unknown');
    expect(limiter.lockedForMs('a', 1)).toBe(0);
    limiter.recordFailure('a', 1);
    expect(limiter.lockedForMs('a', 1)).toBe(999);
  });

  it('stays bounded under a scan and forgets the oldest first', () => {
    const limiter = new AttemptLimiter(1, 1_000_000);
    for (let key = 0; key <= LIMITER_ENTRIES_MAX; key++) limiter.recordFailure(`k${key}`, key);
    expect(limiter.size).toBe(LIMITER_ENTRIES_MAX);
    expect(limiter.lockedForMs('k0', 1)).toBe(0);
    expect(limiter.lockedForMs(`k${LIMITER_ENTRIES_MAX}`, LIMITER_ENTRIES_MAX)).toBeGreaterThan(0);
  });
});
