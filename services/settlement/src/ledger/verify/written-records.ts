import {
  accountRecord,
  billRecord,
  foldedBalanceRecord,
  MOVEMENT_KINDS,
  movementRecord,
  splitStateKey,
  STATE_TYPES,
  stationCreditRecord,
  type AccountRecord,
  type BillRecord,
  type FoldedBalanceRecord,
  type MovementRecord,
  type StationCreditRecord,
} from '@tallywatt/contracts';
import type { Envelope } from '../envelope.js';

/** The money records that one transaction wrote, decoded. */
export interface WrittenRecords {
  readonly accounts: readonly AccountRecord[];
  readonly bills: readonly BillRecord[];
  readonly credits: readonly StationCreditRecord[];
  readonly folded: readonly FoldedBalanceRecord[];
  readonly movements: readonly MovementRecord[];
  readonly deletedKeys: readonly string[];
}

/** @throws RecordError or StateKeyError when a write is damaged. */
export function writtenRecords(writes: Envelope['writes']): WrittenRecords {
  const accounts: AccountRecord[] = [];
  const bills: BillRecord[] = [];
  const credits: StationCreditRecord[] = [];
  const folded: FoldedBalanceRecord[] = [];
  const movements: MovementRecord[] = [];
  const deletedKeys: string[] = [];
  for (const [key, text] of writes) {
    const { type, parts } = splitStateKey(key);
    if (text === null) deletedKeys.push(key);
    else if (type === STATE_TYPES.account) accounts.push(accountRecord.decode(key, text));
    else if (type === STATE_TYPES.bill) bills.push(billRecord.decode(key, text));
    else if (type === STATE_TYPES.stationCredit) credits.push(stationCreditRecord.decode(key, text));
    else if (type === STATE_TYPES.foldedBalance) folded.push(foldedBalanceRecord.decode(key, text));
    else if (isMovement(type, parts[0])) movements.push(movementRecord.decode(key, text));
  }
  return { accounts, bills, credits, folded, movements, deletedKeys };
}

function isMovement(type: string, kind: string | undefined): boolean {
  return type === STATE_TYPES.movement && MOVEMENT_KINDS.some((known) => known === kind);
}
