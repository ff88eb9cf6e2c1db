import { describe, expect, it } from '@jest/globals';
import { drawsOf, normal, ratingOf, uniformOf } from './draws.js';
import { mean } from './measures.js';

const COUNT = 20_000;

describe('draws', () => {
  it('are the same for a seed, and others for another seed or stream', () => {
    const take = (seed: number, stream: number) => Array.from({ length: 5 }, uniformOf(seed, stream));
    expect(take(1, 1)).toEqual(take(1, 1));
    expect(take(1, 1)).not.toEqual(take(2, 1));
    expect(take(1, 1)).not.toEqual(take(1, 2));
    expect(drawsOf(3, 4)).toEqual(drawsOf(3, 4));
  });

  it('are uniform in [0, 1)', () => {
    const values = Array.from({ length: COUNT }, uniformOf(7, 1));
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(mean(values)).toBeCloseTo(0.5, 1);
    const tenths = Array.from({ length: 10 }, (_, tenth) => values.filter((v) => Math.floor(v * 10) === tenth).length);
    expect(tenths.every((count) => Math.abs(count - COUNT / 10) < COUNT / 100)).toBe(true);
  });

  it('have mean 0 and deviation 1 as normal deviates', () => {
    const uniform = uniformOf(7, 2);
    const values = Array.from({ length: COUNT }, () => normal(uniform));
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(Math.sqrt(mean(values.map((value) => value ** 2))) - 1)).toBeLessThan(0.03);
  });

  it('do not repeat from seed to seed: means over 400 draws scatter as they should', () => {
    const means = Array.from({ length: 200 }, (_, seed) => mean(drawsOf(seed + 1, 400).deviates));
    const deviation = Math.sqrt(mean(means.map((value) => value ** 2)));
    expect(deviation).toBeGreaterThan(0.04);
    expect(deviation).toBeLessThan(0.06);
  });

  it.each([
    [0, 3, 3],
    [0.83, 3, 3],
    [0.84, 3, 4],
    [-0.84, 3, 2],
    [4, 4, 5],
    [-4, 2, 1],
  ])('rounds deviate %d around %d to %d stars, within 1 … 5', (deviate, around, rating) => {
    expect(ratingOf(deviate, around, 0.6)).toBe(rating);
  });
});
