import {
  accountRecord,
  CURRENT_PARAMETERS,
  parametersRecord,
  stateKey,
  STATE_TYPES,
  type AccountRecord,
  type BillRecord,
} from '@tallywatt/contracts';
import { deposit, NEW_CREDIT_STATE, pay, payReplacement, type CreditState } from '@tallywatt/domain';
import type { ReplayedState } from './replayed-state.js';
import type { WrittenRecords } from './written-records.js';

/**
 * Recomputes every account that a transaction wrote from the entries of the same transaction: bills in the order of
 * their ids, deposits, refunds, credit notes.
 * @returns evId and what is wrong, per wrong account.
 */
export function accountFaults(
  written: WrittenRecords,
  state: ReplayedState,
): { readonly evId: string; readonly detail: string }[] {
  const entriesOf = new Map(written.accounts.map(({ evId }) => [evId, entries(written, evId)]));
  const ghosts = [...written.bills.map(({ evId }) => evId), ...evMovements(written).map(({ account }) => account)];
  const unpaid = [...new Set(ghosts)].filter((evId) => !entriesOf.has(evId));
  const thresholdMinor = threshold(state);
  const wrong = written.accounts.filter(
    (account) => !matches(account, state, entriesOf.get(account.evId) ?? [], thresholdMinor),
  );
  return [
    ...unpaid.map((evId) => ({ evId, detail: 'has an entry that its balance does not show' })),
    ...wrong.map(({ evId }) => ({ evId, detail: 'does not follow from its entries' })),
  ];
}

type Entry = (credit: CreditState, thresholdMinor: bigint) => CreditState;

function entries(written: WrittenRecords, evId: string): Entry[] {
  const bills = written.bills
    .filter((bill) => bill.evId === evId)
    .sort((a, b) => (a.settlementId < b.settlementId ? -1 : 1));
  const moved = evMovements(written).filter((movement) => movement.account === evId);
  return [
    ...bills.map(billEntry),
    ...moved.map(({ kind, amountMinor }): Entry =>
      kind === 'deposit'
        ? (credit, thresholdMinor) => deposit(credit, amountMinor, thresholdMinor)
        : (credit) => ({ ...credit, balanceMinor: credit.balanceMinor - amountMinor }),
    ),
  ];
}

function billEntry(bill: BillRecord): Entry {
  switch (bill.kind) {
    case 'bill':
      return (credit, thresholdMinor) => pay(credit, bill.totalMinor, thresholdMinor);
    case 'replacement':
      return (credit) => payReplacement(credit, bill.totalMinor);
    case 'creditNote':
      return (credit, thresholdMinor) => deposit(credit, -bill.totalMinor, thresholdMinor);
  }
}

function matches(
  account: AccountRecord,
  state: ReplayedState,
  list: readonly Entry[],
  thresholdMinor: bigint,
): boolean {
  const before: CreditState = state.record(accountRecord, accountRecord.keyOf(account)) ?? NEW_CREDIT_STATE;
  const after = list.reduce<CreditState>((credit, entry) => entry(credit, thresholdMinor), before);
  return (
    account.balanceMinor === after.balanceMinor &&
    account.creditSum === after.creditSum &&
    account.creditCount === after.creditCount &&
    account.arrears === after.arrears
  );
}

function evMovements(written: WrittenRecords): WrittenRecords['movements'] {
  return written.movements.filter(({ kind }) => kind !== 'payOut');
}

function threshold(state: ReplayedState): bigint {
  return state.record(parametersRecord, stateKey(STATE_TYPES.parameters, CURRENT_PARAMETERS))?.thresholdMinor ?? 0n;
}
