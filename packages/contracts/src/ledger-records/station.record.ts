import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `C~stationId`: a charging station as every operator knows it. */
export interface StationRecord {
  readonly stationId: string;
  readonly operatorId: string;
  readonly name: string;
  readonly peerNode: string;
  readonly tariffId: string;
  readonly latE6: number;
  readonly lonE6: number;
  readonly offsets: readonly { readonly fromMs: number; readonly offsetMinutes: number }[];
  readonly piles: readonly { readonly type: string; readonly count: number }[];
}

export const stationRecord = positional<StationRecord>({
  type: STATE_TYPES.station,
  version: 1,
  keyParts: (station) => [station.stationId],
  toRow: (station) => [
    station.operatorId,
    station.name,
    station.peerNode,
    station.tariffId,
    station.latE6,
    station.lonE6,
    station.offsets.flatMap((offset) => [offset.fromMs, offset.offsetMinutes]),
    station.piles.flatMap((pile) => [pile.type, pile.count]),
  ],
  fromRow: (key, row) => ({
    stationId: key.part(),
    operatorId: row.text(),
    name: row.text(),
    peerNode: row.text(),
    tariffId: row.text(),
    latE6: row.integer(),
    lonE6: row.integer(),
    offsets: row.inner((inner) => ({ fromMs: inner.integer(), offsetMinutes: inner.integer() })),
    piles: row.inner((inner) => ({ type: inner.text(), count: inner.integer() })),
  }),
});
