import { experienceFixed } from './experience.js';
import { EXPONENT_MAX, expFixed, FIXED_ONE } from './fixed-point.js';
import { divHalfAwayFromZero, divHalfUp } from './money.js';

const MICRO = 1_000_000n;
const FIXED_PER_MICRO = FIXED_ONE / MICRO;

/** Parameters of formula (3); they live on the ledger. */
export interface EvaluationParameters {
  readonly alphaE6: bigint;
  readonly betaE6: bigint;
  readonly sigmaE6: bigint;
  /** D: highest level. */
  readonly maxLevel: number;
  /** W_max. */
  readonly maxRating: number;
}

export interface RatingInput {
  /** R_cs before, in 1e-6 of a level. */
  readonly ratingBeforeE6: number;
  /** W: 1 … maxRating. */
  readonly rating: number;
  /** The rater's credit at that moment: R_v = creditSum / creditCount. */
  readonly creditSum: number;
  readonly creditCount: number;
  /** l and L of formula (1). */
  readonly endorsements: number;
  readonly ledgerUpdates: number;
  readonly parameters: EvaluationParameters;
}

/** Φ(R) = 1 − 1/(1 + e^(−(R−D)/σ)): the damping of the Sporas mechanism that the paper cites. */
function dampingFixed(ratingE6: bigint, parameters: EvaluationParameters): bigint {
  const distance = BigInt(parameters.maxLevel) * MICRO - ratingE6;
  const exponent = divHalfAwayFromZero(distance * FIXED_ONE, parameters.sigmaE6);
  // With a tiny σ the exponential leaves the fixed-point range; Φ has long reached 1 there.
  const bounded = exponent > EXPONENT_MAX ? EXPONENT_MAX : exponent;
  const sum = FIXED_ONE + expFixed(bounded);
  return FIXED_ONE - divHalfAwayFromZero(FIXED_ONE * FIXED_ONE, sum);
}

function requireRating(rating: number, maxRating: number): void {
  if (!Number.isInteger(rating) || rating < 1 || rating > maxRating) throw new RangeError('rating out of range');
}

/**
 * Formula (3): R' = R + (1/α)(1+M) · Φ(R) · R_v · (W/W_max − R/D), clamped to [0, D], rounded half up to 1e-6.
 * R_v ≤ 0 gives weight 0. Throws RangeError when `rating` is outside 1 … maxRating.
 */
export function applyRating(input: RatingInput): number {
  const { parameters } = input;
  requireRating(input.rating, parameters.maxRating);
  if (input.creditSum <= 0 || input.creditCount <= 0) return input.ratingBeforeE6;
  const before = BigInt(input.ratingBeforeE6);
  const maxLevel = BigInt(parameters.maxLevel);
  const maxRating = BigInt(parameters.maxRating);
  const speed = FIXED_ONE + experienceFixed(parameters.betaE6, BigInt(input.endorsements), BigInt(input.ledgerUpdates));
  // W/W_max − R/D over the common denominator W_max · D · 1e6.
  const surprise = BigInt(input.rating) * maxLevel * MICRO - before * maxRating;
  const dividend = speed * dampingFixed(before, parameters) * BigInt(input.creditSum) * surprise * MICRO;
  const divisor = FIXED_ONE * BigInt(input.creditCount) * maxRating * maxLevel * MICRO * parameters.alphaE6;
  const after = divHalfUp(before * FIXED_PER_MICRO * divisor + dividend, divisor * FIXED_PER_MICRO);
  const top = maxLevel * MICRO;
  return Number(after < 0n ? 0n : after > top ? top : after);
}
