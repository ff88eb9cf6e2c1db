import { describe, expect, it } from '@jest/globals';
import { TokenBucket } from './token-bucket.js';

describe('TokenBucket', () => {
  it('gives its burst at once and then its rate', () => {
    const bucket = new TokenBucket(20, 3, 0);
    expect([0, 0, 0, 0, 0].map((nowMs) => bucket.take(nowMs))).toEqual([0, 0, 0, 50, 100]);
    expect(bucket.take(150)).toBe(0);
  });

  it('fills up to its burst and no further, and ignores a clock that goes back', () => {
    const bucket = new TokenBucket(20, 2, 0);
    expect([1_000_000, 1_000_000, 1_000_000].map((nowMs) => bucket.take(nowMs))).toEqual([0, 0, 50]);
    expect(bucket.take(0)).toBe(100);
  });
});
