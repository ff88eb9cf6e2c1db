import { instantOf, newestFirst } from './newest-first.js';
import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `S~stationId~txTime~txId`: what one transaction moved on a station's account; negative for a credit note. */
export interface StationCreditRecord {
  readonly stationId: string;
  readonly txTimeMs: number;
  readonly txId: string;
  readonly amountMinor: bigint;
}

export const stationCreditRecord = positional<StationCreditRecord>({
  type: STATE_TYPES.stationCredit,
  version: 1,
  keyParts: (credit) => [credit.stationId, newestFirst(credit.txTimeMs), credit.txId],
  toRow: (credit) => [credit.amountMinor.toString()],
  fromRow: (key, row) => ({
    stationId: key.part(),
    txTimeMs: instantOf(key.part()),
    txId: key.part(),
    amountMinor: row.amount(),
  }),
});
