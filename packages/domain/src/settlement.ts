import { billLine, billOf } from './bill-line.js';
import type { Bill } from './bill-line.js';
import { registerAt, usableReadings } from './energy.js';
import type { MeteredSpan, Reading } from './energy.js';
import { pricedIntervals } from './price-intervals.js';
import { ok, refuse } from './result.js';
import type { Result } from './result.js';
import { spanFault } from './settlement-fault.js';
import type { SettlementFault } from './settlement-fault.js';
import type { Tariff } from './tariff.js';
import type { OffsetTransition } from './utc-offset.js';

export interface SessionFacts extends MeteredSpan {
  /** In any order; those that contradict the session are dropped (usableReadings). */
  readonly readings: readonly Reading[];
  readonly tariff: Tariff;
  /** The station's, ascending. */
  readonly offsets: readonly OffsetTransition[];
}

/**
 * The bill of a session, formulas (4) to (6): a line per price interval, the energy of the lines sums to E_e − E_s.
 * The worker's side; the contract recomputes by checkLines.
 */
export function priceSession(facts: SessionFacts): Result<Bill, SettlementFault> {
  const fault = spanFault(facts);
  if (fault !== undefined) return refuse(fault);
  const intervals = pricedIntervals(facts.tariff.prices, facts.offsets, facts.startMs, facts.endMs);
  if (!intervals.ok) return intervals;
  const readings = usableReadings(facts, facts.readings);
  let registerWh = facts.meterStartWh;
  const lines = intervals.value.map(({ price, priceId, fromMs, toMs }) => {
    const fromWh = registerWh;
    // The last boundary is the session's end, also of one without duration: its register is E_e, not interpolated.
    registerWh = toMs === facts.endMs ? facts.meterStopWh : registerAt(readings, toMs);
    return billLine({ priceId, fromMs, toMs, energyWh: registerWh - fromWh }, price);
  });
  return ok(billOf(lines));
}
