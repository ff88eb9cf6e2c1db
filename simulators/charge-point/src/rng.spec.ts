import { describe, expect, it } from '@jest/globals';
import { Rng } from './rng.js';

describe('Rng', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const draw = (seed: number): number[] => {
      const rng = new Rng(seed);
      return [rng.next(), rng.next(), rng.next()];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('reaches both ends of an integer range and nothing outside', () => {
    const rng = new Rng(1);
    const seen = new Set(Array.from({ length: 200 }, () => rng.integer(3, 5)));
    expect([...seen].sort()).toEqual([3, 4, 5]);
  });

  it('refuses an empty range and an empty list', () => {
    expect(() => new Rng(1).integer(2, 1)).toThrow(RangeError);
    expect(() => new Rng(1).pick([])).toThrow(RangeError);
  });

  it('forks by label: independent of what the parent has drawn', () => {
    const parent = new Rng(9);
    const before = parent.fork('pile-1').next();
    parent.next();
    expect(parent.fork('pile-1').next()).toBe(before);
    expect(parent.fork('pile-2').next()).not.toBe(before);
  });

  it('is never certain at chance 0 and always at chance 1', () => {
    const rng = new Rng(3);
    expect(Array.from({ length: 100 }, () => rng.chance(0)).some(Boolean)).toBe(false);
    expect(Array.from({ length: 100 }, () => rng.chance(1)).every(Boolean)).toBe(true);
  });
});
