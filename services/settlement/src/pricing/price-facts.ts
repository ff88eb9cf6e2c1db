import { priceSession } from '@tallywatt/domain';
import type { Ruling } from '../intake/claim-store.js';
import type { SettlementFacts } from '../intake/settlement-facts.js';
import type { StationTariff } from './tariff-book.js';

/**
 * Facts and the ledger's tariff → lines and total by the rules, or the reason why a person has to look.
 * Whatever is wrong with the facts, this is an answer and never an exception.
 */
export function priceFacts(facts: SettlementFacts, station: StationTariff | undefined): Ruling {
  if (facts.meterStopWh === null) return quarantined('unknown_energy');
  if (station === undefined) return quarantined('unknown_station');
  if (station.operatorId !== facts.operatorId) return quarantined('station_of_other_operator');
  if (station.tariff.prices.length === 0) return quarantined('no_tariff');
  const priced = priceSession({
    startMs: facts.startMs,
    endMs: facts.endMs,
    meterStartWh: facts.meterStartWh,
    meterStopWh: facts.meterStopWh,
    readings: facts.readings,
    tariff: station.tariff,
    offsets: station.offsets,
  });
  if (!priced.ok) return quarantined(priced.fault.toLowerCase());
  const lines = priced.value.lines.map((line) => ({
    priceId: line.priceId,
    fromMs: line.fromMs,
    toMs: line.toMs,
    energyWh: line.energyWh.toString(),
  }));
  return { state: 'pending', lines, totalMinor: priced.value.totalMinor };
}

function quarantined(code: string): Ruling {
  return { state: 'quarantined', code };
}
