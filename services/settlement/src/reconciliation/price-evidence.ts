import { priceSession } from '@tallywatt/domain';
import type { StationTariff } from '../pricing/tariff-book.js';
import type { Evidence } from './session-case.js';

/** A's amount: the facts priced again by the rules. null when they cannot be priced. */
export function priceEvidence(evidence: Evidence | undefined, station: StationTariff | undefined): bigint | null {
  if (evidence === undefined || evidence.meterStopWh === null || station === undefined) return null;
  const priced = priceSession({
    startMs: evidence.startMs,
    endMs: evidence.endMs,
    meterStartWh: evidence.meterStartWh,
    meterStopWh: evidence.meterStopWh,
    readings: evidence.readings,
    tariff: station.tariff,
    offsets: station.offsets,
  });
  return priced.ok ? priced.value.totalMinor : null;
}
