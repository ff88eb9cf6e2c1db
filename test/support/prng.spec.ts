import { describe, expect, it } from '@jest/globals';
import { Prng } from './prng.js';

describe('seeded random numbers', () => {
  const draw = (seed: number): number[] => {
    const random = new Prng(seed);
    return Array.from({ length: 2_000 }, () => random.between(3, 7));
  };

  it('are the same for the same seed, and others for another', () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });

  it('reach both ends of a range and nothing beyond', () => {
    expect(new Set(draw(5))).toEqual(new Set([3, 4, 5, 6, 7]));
  });

  it('pick every element of a list', () => {
    const random = new Prng(9);
    expect(new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  });
});
