import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyRating, type EvaluationParameters } from './evaluation.js';
import { readVectors } from './testing/vectors.js';

interface SingleVector {
  readonly ratingBeforeE6: number;
  readonly rating: number;
  readonly creditSum: number;
  readonly creditCount: number;
  readonly endorsements: number;
  readonly ledgerUpdates: number;
  readonly ratingAfterE6: number;
}
interface EvaluationVectors {
  readonly parameters: { alphaE6: number; betaE6: number; sigmaE6: number; maxLevel: number; maxRating: number };
  readonly single: readonly SingleVector[];
  readonly walks: readonly {
    readonly meanRating: number;
    readonly endorsements: number;
    readonly ledgerUpdates: number;
    readonly ratings: readonly number[];
    readonly valuesE6: readonly number[];
  }[];
}
const vectors = readVectors('evaluation') as EvaluationVectors;
const parameters: EvaluationParameters = {
  alphaE6: BigInt(vectors.parameters.alphaE6),
  betaE6: BigInt(vectors.parameters.betaE6),
  sigmaE6: BigInt(vectors.parameters.sigmaE6),
  maxLevel: vectors.parameters.maxLevel,
  maxRating: vectors.parameters.maxRating,
};
const full = { creditSum: 1, creditCount: 1, endorsements: 0, ledgerUpdates: 0, parameters };

describe('evaluation, formula (3)', () => {
  it('has vectors to match', () => {
    expect(vectors.single.length).toBeGreaterThanOrEqual(300);
    expect(vectors.walks.length).toBeGreaterThanOrEqual(4);
  });

  it('matches every single vector', () => {
    for (const { ratingAfterE6, ...input } of vectors.single) {
      expect({ ...input, ratingAfterE6: applyRating({ ...input, parameters }) }).toEqual({ ...input, ratingAfterE6 });
    }
  });

  it.each(vectors.walks)('matches the walk of mean $meanRating', (walk) => {
    let ratingBeforeE6 = 0;
    const values = walk.ratings.map((rating) => {
      ratingBeforeE6 = applyRating({
        ...full,
        ratingBeforeE6,
        rating,
        endorsements: walk.endorsements,
        ledgerUpdates: walk.ledgerUpdates,
      });
      return ratingBeforeE6;
    });
    expect(values).toEqual(walk.valuesE6);
  });

  it.each([0, -1, -5])('a rater with credit sum %d moves nothing', (creditSum) => {
    expect(applyRating({ ...full, creditSum, creditCount: 5, ratingBeforeE6: 2_000_000, rating: 5 })).toBe(2_000_000);
  });

  it.each([0, 6, 2.5, -1, Number.NaN])('refuses the rating %d', (rating) => {
    expect(() => applyRating({ ...full, ratingBeforeE6: 0, rating })).toThrow(RangeError);
  });

  it('stays within [0, D], rises below the rating and falls above it, faster with more experience', () => {
    const any = fc.record({
      before: fc.integer({ min: 0, max: 5_000_000 }),
      rating: fc.integer({ min: 1, max: 5 }),
      l: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(any, ({ before, rating, l }) => {
        const slow = applyRating({ ...full, ratingBeforeE6: before, rating });
        const fast = applyRating({ ...full, ratingBeforeE6: before, rating, endorsements: l, ledgerUpdates: 1000 });
        expect(slow).toBeGreaterThanOrEqual(0);
        expect(slow).toBeLessThanOrEqual(5_000_000);
        const direction = Math.sign(rating * 1_000_000 - before);
        expect((slow - before) * direction).toBeGreaterThanOrEqual(0);
        expect((fast - slow) * direction).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('clamps at the top and survives extreme parameters', () => {
    const wild = { ...parameters, alphaE6: 1n, sigmaE6: 1n };
    expect(applyRating({ ...full, parameters: wild, ratingBeforeE6: 0, rating: 5 })).toBe(5_000_000);
    expect(applyRating({ ...full, parameters: wild, ratingBeforeE6: 4_000_000, rating: 1 })).toBe(0);
  });
});
