/** What can be wrong with a ledger. Closed set: the command's exit code and its JSON go by it. */
export const LEDGER_BREAK_KINDS = [
  'BLOCK_MISSING',
  'LINK_BROKEN',
  'DATA_HASH_WRONG',
  'BLOCK_HASH_WRONG',
  'TIME_RUNS_BACKWARDS',
  'TRANSACTION_MALFORMED',
  'TRANSACTION_ID_WRONG',
  'TRANSACTION_TWICE',
  'VERDICT_WRONG',
  'RECORD_EDITED',
  'RECORD_MALFORMED',
  'BILL_WRONG',
  'ACCOUNT_WRONG',
  'STATION_WRONG',
  'NOT_CONSERVED',
  'STATE_WRONG',
  'STATE_MISSING',
  'STATE_UNKNOWN',
] as const;
export type LedgerBreakKind = (typeof LEDGER_BREAK_KINDS)[number];

export interface LedgerBreak {
  readonly kind: LedgerBreakKind;
  readonly blockNumber: string | null;
  readonly txId: string | null;
  /** State key with `~` for its separators, or null. */
  readonly key: string | null;
  readonly detail: string;
}

/** A damaged chain breaks everywhere behind the damage; the first ones say where. */
export const BREAKS_LISTED_MAX = 100;

export interface VerifyReport {
  readonly blocks: number;
  readonly transactions: number;
  readonly validTransactions: number;
  readonly bills: number;
  readonly creditNotes: number;
  readonly accounts: number;
  readonly stations: number;
  readonly stateKeys: number;
  readonly evBalancesMinor: string;
  readonly stationBalancesMinor: string;
  readonly depositsMinor: string;
  readonly payOutsMinor: string;
  readonly refundsMinor: string;
  readonly seconds: number;
  readonly breaksFound: number;
  /** The first {@link BREAKS_LISTED_MAX}. */
  readonly breaks: readonly LedgerBreak[];
}

/** Where a check is, so that a break can name it. */
export interface Place {
  readonly blockNumber?: bigint;
  readonly txId?: string;
  readonly key?: string;
}

/** Collects breaks; checks go on behind one, as far as they can. */
export class BreakList {
  private readonly list: LedgerBreak[] = [];
  private found = 0;

  get count(): number {
    return this.found;
  }

  get listed(): readonly LedgerBreak[] {
    return this.list;
  }

  add(kind: LedgerBreakKind, place: Place, detail: string): void {
    this.found++;
    if (this.list.length === BREAKS_LISTED_MAX) return;
    this.list.push({
      kind,
      blockNumber: place.blockNumber?.toString() ?? null,
      txId: place.txId ?? null,
      key: place.key === undefined ? null : place.key.replaceAll('\u0000', '~'),
      detail,
    });
  }
}
