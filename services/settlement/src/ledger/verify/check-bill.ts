import {
  billRecord,
  priceRecord,
  settlementRecord,
  stateKey,
  STATE_TYPES,
  stationRecord,
  tariffRecord,
  type BillRecord,
} from '@tallywatt/contracts';
import { checkLines, type Price } from '@tallywatt/domain';
import type { ReplayedState } from './replayed-state.js';

/**
 * Recomputes a bill from the tariff as the ledger had it, or compares a credit note with the bill it takes back.
 * @returns what is wrong; undefined when nothing is.
 */
export function billFault(bill: BillRecord, state: ReplayedState): string | undefined {
  return bill.kind === 'creditNote' ? creditNoteFault(bill, state) : recomputedFault(bill, state);
}

function recomputedFault(bill: BillRecord, state: ReplayedState): string | undefined {
  const station = state.record(stationRecord, stateKey(STATE_TYPES.station, bill.stationId));
  if (station === undefined) return 'its station is unknown';
  const tariff = state.record(tariffRecord, stateKey(STATE_TYPES.tariff, station.tariffId));
  const prices: Price[] = (tariff?.priceIds ?? []).flatMap(
    (priceId) => state.record(priceRecord, stateKey(STATE_TYPES.price, priceId)) ?? [],
  );
  const checked = checkLines({
    startMs: bill.startMs,
    endMs: bill.endMs,
    meterStartWh: bill.meterStartWh,
    meterStopWh: bill.meterStopWh,
    lines: bill.lines,
    tariff: { tariffId: station.tariffId, operatorId: station.operatorId, prices },
    offsets: station.offsets,
    totalMinor: bill.totalMinor,
  });
  return checked.ok ? undefined : `does not follow from the tariff: ${checked.fault}`;
}

function creditNoteFault(note: BillRecord, state: ReplayedState): string | undefined {
  const settled = state.record(settlementRecord, stateKey(STATE_TYPES.settlement, note.refersTo));
  const bill = settled && state.record(billRecord, billRecord.keyOf({ ...note, ...settled }));
  if (bill === undefined) return 'takes back a bill that is not there';
  const isNegativeCopy =
    note.totalMinor === -bill.totalMinor &&
    note.stationId === bill.stationId &&
    note.startMs === bill.startMs &&
    note.lines.length === bill.lines.length &&
    note.lines.every(
      (line, index) =>
        line.priceId === bill.lines[index]?.priceId && line.energyWh === -(bill.lines[index]?.energyWh ?? 0n),
    );
  return isNegativeCopy ? undefined : 'is no negative copy of the bill it takes back';
}
