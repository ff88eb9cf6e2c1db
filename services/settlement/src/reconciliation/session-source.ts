import type { SessionCase } from './session-case.js';

/** Which moment a match looks at: bills up to a block, everything else up to an instant. */
export interface AsOf {
  readonly block: number;
  readonly ms: number;
}

/** Sessions whose end lies in `[from, to)`, of one operator's stations or of all. */
export interface Period {
  readonly operatorId: string | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Where the billing of a page of bills ended. */
export interface BillPosition {
  readonly block: number;
  readonly billId: string;
}

/** A, B and C of sessions, read together. */
export abstract class SessionSource {
  /** Pages of all sessions of the period, by id, of one snapshot: memory holds one page at a time. */
  abstract ofPeriod(period: Period, asOf: AsOf, each: (page: readonly SessionCase[]) => Promise<void>): Promise<void>;
  abstract byIds(sessionIds: readonly string[], asOf: AsOf): Promise<SessionCase[]>;
  /** Sessions of the bills behind a position, in ledger order, up to a block. */
  abstract billed(
    after: BillPosition,
    toBlock: number,
    limit: number,
  ): Promise<{ readonly sessionIds: readonly string[]; readonly last: BillPosition | undefined }>;
  /** Sessions that should have their bill by now and have none. */
  abstract overdue(beforeMs: number, limit: number): Promise<string[]>;
}
