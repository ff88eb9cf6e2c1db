import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `A~evId`: an EV user's account. */
export interface AccountRecord {
  readonly evId: string;
  readonly operatorId: string;
  readonly balanceMinor: bigint;
  readonly creditSum: number;
  readonly creditCount: number;
  readonly arrears: number;
  readonly frozen: boolean;
}

export const accountRecord = positional<AccountRecord>({
  type: STATE_TYPES.account,
  version: 1,
  keyParts: (account) => [account.evId],
  toRow: (account) => [
    account.operatorId,
    account.balanceMinor.toString(),
    account.creditSum,
    account.creditCount,
    account.arrears,
    account.frozen ? 1 : 0,
  ],
  fromRow: (key, row) => ({
    evId: key.part(),
    operatorId: row.text(),
    balanceMinor: row.amount(),
    creditSum: row.integer(),
    creditCount: row.integer(),
    arrears: row.integer(),
    frozen: row.flag(),
  }),
});
