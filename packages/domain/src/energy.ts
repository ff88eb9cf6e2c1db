import { divFloor } from './rounding.js';

/** A charger's cumulative register at an instant. */
export interface Reading {
  readonly atMs: number;
  readonly registerWh: bigint;
}

/** Start and end of a session with their registers E_s and E_e. */
export interface MeteredSpan {
  readonly startMs: number;
  readonly endMs: number;
  readonly meterStartWh: bigint;
  readonly meterStopWh: bigint;
}

/** 2 MWh in one session: a truck at a megawatt for two hours. More is a meter fault, held for a person. */
export const ENERGY_WH_MAX = 2_000_000n;

/**
 * The readings that interpolation may use, between the session's own two registers, ascending in time.
 * Rule: in order of time (equal times: lower register first), a reading counts when it lies strictly inside the
 * session, is later than the last one that counted, not below its register, and not above E_e. Others are dropped:
 * they only move energy between price periods, never change the sum.
 */
export function usableReadings(span: MeteredSpan, readings: readonly Reading[]): readonly Reading[] {
  const first = { atMs: span.startMs, registerWh: span.meterStartWh };
  const usable: Reading[] = [first];
  let last: Reading = first;
  for (const reading of readings.toSorted(byTimeThenRegister)) {
    if (reading.atMs <= last.atMs || reading.atMs >= span.endMs) continue;
    if (reading.registerWh < last.registerWh || reading.registerWh > span.meterStopWh) continue;
    usable.push(reading);
    last = reading;
  }
  usable.push({ atMs: span.endMs, registerWh: span.meterStopWh });
  return usable;
}

/**
 * The register at an instant: linear between the two readings around it, floored to Wh; flat before the first and
 * after the last.
 * @param readings ascending in time
 * @throws RangeError without any reading
 */
export function registerAt(readings: readonly Reading[], ms: number): bigint {
  const next = readings.findIndex(({ atMs }) => atMs > ms);
  const before = readings[next === -1 ? readings.length - 1 : Math.max(next - 1, 0)];
  if (before === undefined) throw new RangeError('a register needs at least one reading');
  const after = readings[next];
  if (after === undefined || ms <= before.atMs) return before.registerWh;
  const gainWh = after.registerWh - before.registerWh;
  return before.registerWh + divFloor(gainWh * BigInt(ms - before.atMs), BigInt(after.atMs - before.atMs));
}

function byTimeThenRegister(a: Reading, b: Reading): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.registerWh === b.registerWh) return 0;
  return a.registerWh < b.registerWh ? -1 : 1;
}
