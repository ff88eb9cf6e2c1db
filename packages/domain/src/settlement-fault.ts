import { ENERGY_WH_MAX } from './energy.js';
import type { MeteredSpan } from './energy.js';
import type { PriceIntervalFault } from './price-intervals.js';
import { isInstantMs } from './time.js';

export type SpanFault = {
  /** TIME_RANGE: not in 2000 … 2100; TIME_ORDER: ends before it starts; ENERGY_RANGE: E_e − E_s not in 0 … ENERGY_WH_MAX. */
  readonly code: 'TIME_RANGE' | 'TIME_ORDER' | 'ENERGY_RANGE';
};

export type LineFault = {
  /**
   * UNKNOWN_PRICE: not of the tariff; PRICE_NOT_VALID: somewhere in the line another price holds, or none;
   * NOT_CONTIGUOUS: does not start where the line before ended (the first: where the session starts), or has no
   * duration; NOT_MERGED: the line before has the same price; LINE_ENERGY: negative.
   */
  readonly code: 'UNKNOWN_PRICE' | 'PRICE_NOT_VALID' | 'NOT_CONTIGUOUS' | 'NOT_MERGED' | 'LINE_ENERGY';
  readonly lineIndex: number;
};

export type SumFault = {
  /** ENERGY_SUM: Σ Wh ≠ E_e − E_s; TOTAL_DIFFERS: the worker's total is not ours; NOT_COVERED: ends before the session. */
  readonly code: 'NO_LINES' | 'TOO_MANY_LINES' | 'NOT_COVERED' | 'ENERGY_SUM' | 'TOTAL_DIFFERS';
};

/** Why a session cannot be priced, or why claimed lines are not its bill. Codes are stable. */
export type SettlementFault = SpanFault | PriceIntervalFault | LineFault | SumFault;
export type SettlementFaultCode = SettlementFault['code'];

/** What holds for every session before prices come in; undefined when all is well. */
export function spanFault({ startMs, endMs, meterStartWh, meterStopWh }: MeteredSpan): SpanFault | undefined {
  if (!isInstantMs(startMs) || !isInstantMs(endMs)) return { code: 'TIME_RANGE' };
  if (endMs < startMs) return { code: 'TIME_ORDER' };
  const energyWh = meterStopWh - meterStartWh;
  return energyWh < 0n || energyWh > ENERGY_WH_MAX ? { code: 'ENERGY_RANGE' } : undefined;
}
