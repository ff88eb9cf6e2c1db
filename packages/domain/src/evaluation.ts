import { experience } from './experience.js';
import type { EndorsementCount } from './experience.js';
import { expFixed, FIXED_ONE } from './fixed-point.js';
import type { Fixed } from './fixed-point.js';
import { divHalfUp } from './rounding.js';

/** Ledger parameters of formulas (1) and (3), changed only by the supervision organisation. */
export interface EvaluationParameters {
  /** α > 0, in 1e-6: how slowly the value moves. */
  readonly alphaE6: bigint;
  /** β ≥ 0, in 1e-6: weight of the endorsement experience. */
  readonly betaE6: bigint;
  /** σ > 0, in 1e-6: damping near the highest level. */
  readonly sigmaE6: bigint;
  /** D, the highest level; at least 1. */
  readonly maxLevel: number;
  /** W_max; at least 1. */
  readonly maxRating: number;
}

export interface RatingInput extends EndorsementCount {
  /** R, in 1e-6 of a level: 0 … maxLevel · 1e6. */
  readonly ratingBeforeE6: number;
  /** W: 1 … maxRating. */
  readonly rating: number;
  /** The rater's credit at this moment: R_v = creditSum / creditCount. */
  readonly creditSum: number;
  readonly creditCount: number;
  readonly parameters: EvaluationParameters;
}

const E6 = 1_000_000n;

/**
 * Formula (3): R' = R + (1/α)(1+M) · Φ(R) · R_v · (W/W_max − R/D), clamped to [0, D], half up to 1e-6.
 * All but Φ is an exact ratio, so the value is rounded once. R_v ≤ 0 moves nothing.
 * @returns R' in 1e-6 of a level
 * @throws RangeError for a rating, level, count or parameter out of its range
 */
export function applyRating(input: RatingInput): number {
  assertInRange(input);
  const { ratingBeforeE6, rating, creditSum, creditCount, parameters } = input;
  const m = experience(input, parameters.betaE6);
  if (creditSum <= 0 || creditCount === 0) return ratingBeforeE6;
  const d = BigInt(parameters.maxLevel);
  const wMax = BigInt(parameters.maxRating);
  const before = BigInt(ratingBeforeE6);
  // W/W_max − R/D over the common denominator W_max · D · 1e6
  const surprise = BigInt(rating) * d * E6 - before * wMax;
  const numerator =
    (m.numerator + m.denominator) * dampingFixed(before, parameters) * BigInt(creditSum) * surprise * E6;
  const denominator = parameters.alphaE6 * m.denominator * FIXED_ONE * BigInt(creditCount) * wMax * d;
  return Number(clamp(divHalfUp(before * denominator + numerator, denominator), d * E6));
}

/** Φ(R) = 1 − 1/(1 + e^(−(R−D)/σ)), written as 1/(1 + e^(−(D−R)/σ)): the exponent is never positive. */
function dampingFixed(ratingE6: bigint, { sigmaE6, maxLevel }: EvaluationParameters): Fixed {
  const distanceE6 = BigInt(maxLevel) * E6 - ratingE6;
  const power = expFixed(-((distanceE6 * FIXED_ONE) / sigmaE6));
  return divHalfUp(FIXED_ONE * FIXED_ONE, FIXED_ONE + power);
}

function clamp(value: bigint, max: bigint): bigint {
  if (value < 0n) return 0n;
  return value > max ? max : value;
}

function assertInRange({ ratingBeforeE6, rating, creditSum, creditCount, parameters }: RatingInput): void {
  const { alphaE6, betaE6, sigmaE6, maxLevel, maxRating } = parameters;
  if (alphaE6 <= 0n || sigmaE6 <= 0n || betaE6 < 0n) throw new RangeError('evaluation parameter out of range');
  assertBetween('maxLevel', maxLevel, 1, Number.MAX_SAFE_INTEGER / 1_000_000);
  assertBetween('maxRating', maxRating, 1, Number.MAX_SAFE_INTEGER);
  assertBetween('rating', rating, 1, maxRating);
  assertBetween('ratingBeforeE6', ratingBeforeE6, 0, maxLevel * 1_000_000);
  assertBetween('creditCount', creditCount, 0, Number.MAX_SAFE_INTEGER);
  assertBetween('creditSum', creditSum, -creditCount, creditCount);
}

function assertBetween(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) throw new RangeError(`${name} out of range`);
}
