import { divFloor } from './money.js';
import type { EpochMs } from './time.js';

/** A cumulative meter register at an instant. */
export interface Reading {
  readonly atMs: EpochMs;
  readonly registerWh: bigint;
}

/** Largest energy of one session that is ever billed (rules' vectors: 2 MWh). */
export const ENERGY_WH_MAX = 2_000_000n;

/**
 * The points between which a session's register is interpolated: start, the usable readings, stop.
 * A reading is used when it lies strictly inside the session and neither falls below its predecessor nor exceeds the
 * stop register, in order of time and, at one time, of register; the others are evidence, not input, so that the lines always sum to E_e − E_s.
 */
export function registerPoints(start: Reading, stop: Reading, readings: readonly Reading[]): readonly Reading[] {
  const points = [start];
  for (const reading of [...readings].sort(byTimeThenRegister)) {
    const last = points.at(-1) ?? start;
    const inside = reading.atMs > last.atMs && reading.atMs < stop.atMs;
    if (inside && reading.registerWh >= last.registerWh && reading.registerWh <= stop.registerWh) points.push(reading);
  }
  return [...points, stop];
}

/** Total, so that the bill does not depend on the order in which readings arrived. */
function byTimeThenRegister(a: Reading, b: Reading): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.registerWh === b.registerWh) return 0;
  return a.registerWh < b.registerWh ? -1 : 1;
}

function between(before: Reading, after: Reading, atMs: EpochMs): bigint {
  const spanMs = BigInt(after.atMs - before.atMs);
  if (spanMs <= 0n) return after.registerWh;
  const gained = (after.registerWh - before.registerWh) * BigInt(atMs - before.atMs);
  return before.registerWh + divFloor(gained, spanMs);
}

/** The register at an instant: linear between the two points around it, floored to Wh; the outer points hold outside. */
export function registerAt(points: readonly Reading[], atMs: EpochMs): bigint {
  const index = points.findIndex((point) => point.atMs >= atMs);
  const after = points[index] ?? points.at(-1);
  const before = points[index - 1];
  if (after === undefined) throw new RangeError('a session has at least two register points');
  if (index === -1 || before === undefined || after.atMs === atMs) return after.registerWh;
  return between(before, after, atMs);
}
