import { divHalfAwayFromZero } from './money.js';

/** Fixed point with 30 digits after the point: two runtimes agree to the last digit, which floats do not promise. */
export const FIXED_ONE = 10n ** 30n;
/** e^x beyond this has more digits than any rule needs; the caller's arguments stay far inside. */
export const EXPONENT_MAX = 100n * FIXED_ONE;
/** Halvings of the argument before the series, undone by squarings. */
export const HALVINGS = 12;
/** Terms below this size cannot change a rounded result; the bound keeps the loop finite. */
export const TERMS_MAX = 60;

function multiply(a: bigint, b: bigint): bigint {
  return divHalfAwayFromZero(a * b, FIXED_ONE);
}

function series(x: bigint): bigint {
  let sum = FIXED_ONE;
  let term = FIXED_ONE;
  for (let n = 1n; n <= BigInt(TERMS_MAX) && term !== 0n; n += 1n) {
    term = divHalfAwayFromZero(term * x, FIXED_ONE * n);
    sum += term;
  }
  return sum;
}

function expPositive(x: bigint): bigint {
  let result = series(divHalfAwayFromZero(x, 1n << BigInt(HALVINGS)));
  for (let i = 0; i < HALVINGS; i += 1) result = multiply(result, result);
  return result;
}

/**
 * e^x for fixed-point x, |x| ≤ 100. Relative error below 1e-22 for the arguments of the rules.
 * Throws RangeError outside; for negative x the reciprocal keeps the relative precision.
 */
export function expFixed(x: bigint): bigint {
  const magnitude = x < 0n ? -x : x;
  if (magnitude > EXPONENT_MAX) throw new RangeError('exponent out of range');
  const positive = expPositive(magnitude);
  return x < 0n ? divHalfAwayFromZero(FIXED_ONE * FIXED_ONE, positive) : positive;
}
