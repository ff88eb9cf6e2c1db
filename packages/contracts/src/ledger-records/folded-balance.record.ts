import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `F~stationId`: the part of a station's balance that was folded; pay-outs draw on it alone. */
export interface FoldedBalanceRecord {
  readonly stationId: string;
  readonly balanceMinor: bigint;
}

export const foldedBalanceRecord = positional<FoldedBalanceRecord>({
  type: STATE_TYPES.foldedBalance,
  version: 1,
  keyParts: (folded) => [folded.stationId],
  toRow: (folded) => [folded.balanceMinor.toString()],
  fromRow: (key, row) => ({ stationId: key.part(), balanceMinor: row.amount() }),
});
