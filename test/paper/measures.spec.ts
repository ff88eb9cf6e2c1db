import { describe, expect, it } from '@jest/globals';
import { isFalling, levelAt, mean, meanAt, meanOver, median, ratingsToReach, seedsInOrder } from './measures.js';

const HIGH = [
  [0, 3, 4],
  [0, 3, 3],
];
const LOW = [
  [0, 2, 3],
  [0, 2, 3],
];

describe('measures of curves', () => {
  it('average over seeds, and over ratings', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(meanAt(HIGH, 2)).toBe(3.5);
    expect(meanOver(HIGH, 1, 2)).toBe(3.25);
  });

  it('refuse a value that a curve does not have', () => {
    expect(levelAt([0, 1], 1)).toBe(1);
    expect(() => levelAt([0, 1], 2)).toThrow('no value after 2 ratings');
    expect(() => meanOver(HIGH, 2, 3)).toThrow(RangeError);
    expect(() => median([])).toThrow(RangeError);
  });

  it('take the middle, also when half never get there', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([1, 2, 4, 9])).toBe(3);
    expect(median([1, Infinity, Infinity, Infinity])).toBe(Infinity);
  });

  it('count ratings until a level', () => {
    expect(ratingsToReach([0, 1, 2.7, 2], 2.7)).toBe(2);
    expect(ratingsToReach([0, 1], 2.7)).toBe(Infinity);
  });

  it('count seeds that keep an order; a tie breaks it', () => {
    expect(seedsInOrder([HIGH, LOW], 1, 1)).toBe(2);
    expect(seedsInOrder([HIGH, LOW], 1, 2)).toBe(1);
    expect(seedsInOrder([LOW, HIGH], 1, 2)).toBe(0);
    expect(isFalling([3, 2, 1])).toBe(true);
    expect(isFalling([3, 2, 2])).toBe(false);
    expect(isFalling([Number.NaN, 2])).toBe(false);
  });
});
