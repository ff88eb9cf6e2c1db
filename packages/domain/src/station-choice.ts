/** Mean Earth radius. */
const EARTH_RADIUS_M = 6_371_009n;
/** π · 1e15. */
const PI_E15 = 3_141_592_653_589_793n;
const E6_PER_HALF_TURN = 180_000_000n;
const E15 = 10n ** 15n;

export interface Position {
  /** Degrees × 1e6, WGS 84. */
  readonly latE6: number;
  readonly lonE6: number;
}

export interface ChoosableStation {
  readonly stationId: string;
  readonly evaluationE6: number;
  readonly distanceM: number;
}

function integerSqrt(value: bigint): bigint {
  if (value < 2n) return value;
  let estimate = 1n << BigInt(Math.ceil(value.toString(2).length / 2));
  for (;;) {
    const next = (estimate + value / estimate) >> 1n;
    if (next >= estimate) return estimate;
    estimate = next;
  }
}

function radiansE15(degreesE6: bigint): bigint {
  return (degreesE6 * PI_E15) / E6_PER_HALF_TURN;
}

/** cos by its series; |x| ≤ π/2 here, where ten terms leave less than 1e-13. */
function cosE15(x: bigint): bigint {
  const square = (x * x) / E15;
  let term = E15;
  let sum = E15;
  for (let n = 1n; n <= 20n; n += 2n) {
    term = -(term * square) / (E15 * n * (n + 1n));
    sum += term;
  }
  return sum;
}

function shortWayE6(differenceE6: bigint): bigint {
  const turn = 2n * E6_PER_HALF_TURN;
  const positive = ((differenceE6 % turn) + turn) % turn;
  return positive > E6_PER_HALF_TURN ? positive - turn : positive;
}

/**
 * Distance in metres by the equirectangular formula, in integers. Below 100 km, the largest search radius, its error is
 * under 0.1 % away from the poles.
 */
export function distanceM(a: Position, b: Position): number {
  const meanLat = radiansE15((BigInt(a.latE6) + BigInt(b.latE6)) / 2n);
  const north = radiansE15(BigInt(b.latE6) - BigInt(a.latE6));
  const east = (radiansE15(shortWayE6(BigInt(b.lonE6) - BigInt(a.lonE6))) * cosE15(meanLat)) / E15;
  return Number((integerSqrt(north * north + east * east) * EARTH_RADIUS_M) / E15);
}

/** Best evaluation first, then distance, then id, so that the order is total (rules.md "Station choice"). */
export function rankStations<S extends ChoosableStation>(stations: readonly S[]): S[] {
  return [...stations].sort(
    (a, b) =>
      b.evaluationE6 - a.evaluationE6 ||
      a.distanceM - b.distanceM ||
      (a.stationId < b.stationId ? -1 : a.stationId > b.stationId ? 1 : 0),
  );
}
