/* Divisions of bigints, each named by its rounding. The denominator is positive. */

/** Rounds towards minus infinity. @throws RangeError unless denominator > 0 */
export function divFloor(numerator: bigint, denominator: bigint): bigint {
  assertPositive(denominator);
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** Rounds to the nearest integer, ties towards plus infinity. @throws RangeError unless denominator > 0 */
export function divHalfUp(numerator: bigint, denominator: bigint): bigint {
  return divFloor(2n * numerator + denominator, 2n * denominator);
}

/** Rounds to the nearest integer, ties away from zero: symmetric in sign. @throws RangeError unless denominator > 0 */
export function divHalfAwayFromZero(numerator: bigint, denominator: bigint): bigint {
  return numerator < 0n ? -divHalfUp(-numerator, denominator) : divHalfUp(numerator, denominator);
}

function assertPositive(denominator: bigint): void {
  if (denominator <= 0n) throw new RangeError('denominator must be positive');
}
