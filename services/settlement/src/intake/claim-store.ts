import type { SettleLineArgs } from '@tallywatt/contracts';
import type { SettlementFacts } from './settlement-facts.js';

/** What claiming decided about a settlement: it has its lines and waits for a batch, or it waits for a person. */
export type Ruling =
  | { readonly state: 'pending'; readonly lines: readonly SettleLineArgs[]; readonly totalMinor: bigint }
  | { readonly state: 'quarantined'; readonly code: string };

export interface Claim {
  readonly facts: SettlementFacts;
  readonly ruling: Ruling;
}

/** What a person decided, or asked for, and why. */
export interface Decision {
  readonly settlementId: string;
  readonly decision: 'release' | 'correct' | 'drop' | 'retry';
  /** Only with `correct`. */
  readonly meterStopWh: bigint | null;
  readonly reason: string;
  readonly decidedBy: string;
  readonly organisation: string;
}

/** The settlement rows, as intake writes them. */
export abstract class ClaimStore {
  /** Facts up to this change sequence have their row. */
  abstract mark(): Promise<bigint>;
  /** Those of the given ids whose row has at least the given revision. */
  abstract known(facts: readonly Pick<SettlementFacts, 'settlementId' | 'revision'>[]): Promise<ReadonlySet<string>>;
  /** Of the given ids, those that have a row. */
  abstract claimed(settlementIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * Writes new rows, and newer revisions of rows that wait (pending or quarantined), and their steps; moves the mark.
   * All in one commit. Rows that are under way or done stay as they are: reconciliation reports the difference.
   * @returns the claims that changed a row.
   */
  abstract save(claims: readonly Claim[], nowMs: number, mark?: bigint): Promise<Claim[]>;
  /** Ids of quarantined settlements whose hold time is over, oldest first. */
  abstract holdsOver(nowMs: number, limit: number): Promise<string[]>;
  /** Rules again over quarantined rows whose hold time is over. @returns the claims that changed a row. */
  abstract endHolds(claims: readonly Claim[], nowMs: number): Promise<Claim[]>;
  /**
   * Stores a person's decision with its effect on the quarantined or invalid row: a new attempt, or `dropped`.
   * @returns false when the row is in another state by now; nothing is written then.
   */
  abstract decide(decision: Decision, ruling: Ruling | 'dropped', nowMs: number): Promise<boolean>;
}
