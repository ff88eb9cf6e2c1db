import { divFloor, divHalfUp } from './rounding.js';

/** A real number times FIXED_ONE, as an integer: 24 digits after the point, the same on every runtime. */
export type Fixed = bigint;

export const FIXED_ONE: Fixed = 10n ** 24n;
/** Largest argument of expFixed: beyond it the 16 guard digits no longer cover 24 digits after the point. */
export const EXP_ARGUMENT_MAX: Fixed = 32n * FIXED_ONE;

const GUARD = 10n ** 16n;
const WORK_ONE = FIXED_ONE * GUARD;
/** ln 2 with the 40 digits of WORK_ONE. */
const LN2 = 6_931_471_805_599_453_094_172_321_214_581_765_680_755n;
/** e^x below 2^-100 is 0 in 24 digits; so large a negative argument is never expanded. */
const HALVINGS_MAX = 100n;

/**
 * e^x, correct to 24 digits after the point for x ≤ 0 and to 23 up to EXP_ARGUMENT_MAX.
 * e^x = 2^k · e^r with 0 ≤ r < ln 2, e^r by its series.
 * @throws RangeError when x > EXP_ARGUMENT_MAX
 */
export function expFixed(x: Fixed): Fixed {
  if (x > EXP_ARGUMENT_MAX) throw new RangeError('exponent too large');
  const work = x * GUARD;
  const doublings = divFloor(work, LN2);
  if (doublings < -HALVINGS_MAX) return 0n;
  const series = expSeries(work - doublings * LN2);
  const scaled = doublings < 0n ? series >> -doublings : series << doublings;
  return divHalfUp(scaled, GUARD);
}

/** Σ r^n / n! until a term vanishes: about 35 terms. */
function expSeries(r: bigint): bigint {
  let sum = WORK_ONE;
  let term = WORK_ONE;
  for (let n = 1n; term > 0n; n += 1n) {
    term = (term * r) / (WORK_ONE * n);
    sum += term;
  }
  return sum;
}
