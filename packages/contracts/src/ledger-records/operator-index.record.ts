import type { CanonicalValue } from '../canonical-json.js';
import { instantOf, newestFirst } from './newest-first.js';
import { positional, RecordError, type RowReader } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** Settlement ids that one transaction billed at one station. */
export interface StationBills {
  readonly stationId: string;
  readonly settlementIds: readonly string[];
}

/** `O~operator~txTime~txId`: an index of the bills that one transaction wrote; no money. */
export interface OperatorIndexRecord {
  readonly operatorId: string;
  readonly txTimeMs: number;
  readonly txId: string;
  readonly stations: readonly StationBills[];
}

export const operatorIndexRecord = positional<OperatorIndexRecord>({
  type: STATE_TYPES.operatorIndex,
  version: 1,
  keyParts: (index) => [index.operatorId, newestFirst(index.txTimeMs), index.txId],
  toRow: (index) => index.stations.map((station): CanonicalValue => [station.stationId, ...station.settlementIds]),
  fromRow: (key, row) => ({
    operatorId: key.part(),
    txTimeMs: instantOf(key.part()),
    txId: key.part(),
    stations: readStations(row),
  }),
});

function readStations(row: RowReader): StationBills[] {
  const stations: StationBills[] = [];
  while (row.more()) {
    const [stationId, ...settlementIds] = row.inner((inner) => inner.text());
    if (stationId === undefined) throw new RecordError('O: a station without id');
    stations.push({ stationId, settlementIds });
  }
  return stations;
}
