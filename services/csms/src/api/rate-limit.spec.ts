import { describe, expect, it } from '@jest/globals';
import {
  FAILURE_BURST_PER_ADDRESS,
  FAILURES_PER_SECOND_PER_ADDRESS,
  RATE_KEYS_MAX,
  REQUEST_BURST_PER_TOKEN,
  REQUESTS_PER_SECOND_PER_TOKEN,
  RateLimiter,
} from './rate-limit.js';

function limiterAt() {
  const clock = { nowMs: 0 };
  return { clock, limiter: new RateLimiter(() => clock.nowMs) };
}

describe('RateLimiter', () => {
  it('lets a burst through, then the steady rate', () => {
    const { clock, limiter } = limiterAt();
    for (let i = 0; i < REQUEST_BURST_PER_TOKEN; i += 1) expect(limiter.take('a')).toBe(0);
    expect(limiter.take('a')).toBe(1);
    clock.nowMs = 1_000;
    for (let i = 0; i < REQUESTS_PER_SECOND_PER_TOKEN; i += 1) expect(limiter.take('a')).toBe(0);
    expect(limiter.take('a')).toBeGreaterThan(0);
  });

  it('keeps tokens apart', () => {
    const { limiter } = limiterAt();
    for (let i = 0; i <= REQUEST_BURST_PER_TOKEN; i += 1) limiter.take('noisy');
    expect(limiter.take('quiet')).toBe(0);
  });

  it('slows failed authentication per address', () => {
    const { clock, limiter } = limiterAt();
    for (let i = 0; i < FAILURE_BURST_PER_ADDRESS; i += 1) expect(limiter.takeFailure('ip')).toBe(0);
    expect(limiter.takeFailure('ip')).toBe(1);
    clock.nowMs = 1_000 / FAILURES_PER_SECOND_PER_ADDRESS;
    expect(limiter.takeFailure('ip')).toBe(0);
  });

  it('does not fill up more than a burst, and survives a clock that goes back', () => {
    const { clock, limiter } = limiterAt();
    limiter.take('a');
    clock.nowMs = 10 ** 9;
    for (let i = 0; i < REQUEST_BURST_PER_TOKEN; i += 1) limiter.take('a');
    expect(limiter.take('a')).toBeGreaterThan(0);
    clock.nowMs = 0;
    expect(limiter.take('a')).toBeGreaterThan(0);
  });

  it('forgets the longest unused key, never a busy one', () => {
    const { limiter } = limiterAt();
    for (let i = 0; i <= REQUEST_BURST_PER_TOKEN; i += 1) limiter.take('busy');
    for (let i = 0; i < RATE_KEYS_MAX - 1; i += 1) limiter.take(`k${i}`);
    expect(limiter.take('busy')).toBe(1);
    limiter.take('one more');
    expect(limiter.take('busy')).toBe(1);
  });
});
