import { FIXED_ONE } from './fixed-point.js';
import type { Fixed } from './fixed-point.js';
import { divHalfUp } from './rounding.js';
import { asinFixed, cosFixed, PI_FIXED, sinFixed, sqrtFixed } from './trigonometry.js';

/** A place in 1e-6 degrees, north and east positive. */
export interface Place {
  /** −90 000 000 … 90 000 000 */
  readonly latE6: number;
  /** −180 000 000 … 180 000 000 */
  readonly lonE6: number;
}

/** Mean radius of the Earth (IUGG). The flattening is ignored: 0.3 % at most, metres where a driver chooses. */
const EARTH_RADIUS_M = 6_371_009n;
const HALF_TURN_E6 = 180_000_000;
const QUARTER_TURN_E6 = 90_000_000;

/**
 * Great-circle distance in whole metres, by the haversine formula in integers.
 * @throws RangeError for coordinates that do not exist
 */
export function distanceM(from: Place, to: Place): number {
  assertPlace(from);
  assertPlace(to);
  const sinHalfLat = sinFixed(radiansFixed(to.latE6 - from.latE6) / 2n);
  const sinHalfLon = sinFixed(radiansFixed(to.lonE6 - from.lonE6) / 2n);
  const cosines = product(cosFixed(radiansFixed(from.latE6)), cosFixed(radiansFixed(to.latE6)));
  const haversine = product(sinHalfLat, sinHalfLat) + product(cosines, product(sinHalfLon, sinHalfLon));
  // Rounding may exceed 1 by a last digit between antipodes.
  const half = asinFixed(sqrtFixed(haversine > FIXED_ONE ? FIXED_ONE : haversine));
  return Number(divHalfUp(2n * half * EARTH_RADIUS_M, FIXED_ONE));
}

function radiansFixed(degreesE6: number): Fixed {
  return (BigInt(degreesE6) * PI_FIXED) / BigInt(HALF_TURN_E6);
}

function product(a: Fixed, b: Fixed): Fixed {
  return (a * b) / FIXED_ONE;
}

function assertPlace({ latE6, lonE6 }: Place): void {
  const isReal = Number.isInteger(latE6) && Number.isInteger(lonE6);
  if (!isReal || Math.abs(latE6) > QUARTER_TURN_E6 || Math.abs(lonE6) > HALF_TURN_E6) {
    throw new RangeError('no such coordinates');
  }
}
