import type { LedgerFunction, SettleLineArgs } from '@tallywatt/contracts';
import type { TransactionVerdict } from './transaction-verdict.js';

/** A settlement that waits for a batch. */
export interface PendingSettlement {
  readonly settlementId: string;
  readonly factsRevision: number;
  readonly operatorId: string;
  readonly stationId: string;
  readonly evId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly meterStartWh: bigint;
  readonly meterStopWh: bigint;
  readonly lines: readonly SettleLineArgs[];
  readonly totalMinor: bigint;
  readonly evidenceSha256: string;
  readonly replaces: string | null;
  readonly attempt: number;
  /** Since when it could have gone. */
  readonly waitingSinceMs: number;
}

/** An endorsed transaction, as it is stored before its first submit. */
export interface StoredTransaction {
  readonly txId: string;
  readonly fn: LedgerFunction;
  /** Organisation that signed. */
  readonly mspId: string;
  readonly bytes: Uint8Array;
  /** Accounts that it writes. */
  readonly evIds: readonly string[];
}

export interface InFlightTransaction extends StoredTransaction {
  readonly preparedAtMs: number;
}

/** A settlement moved on between being picked and being stored as prepared; nothing was written. */
export class SettlementMovedError extends Error {}

/** The settlement rows and ledger transactions, as batches write them. Each method is one commit. */
export abstract class BatchStore {
  /** Operators that have settlements waiting. */
  abstract operatorsWithPending(): Promise<string[]>;
  /** Oldest first, without those of the accounts given and those whose next attempt is later. */
  abstract pending(
    operatorId: string,
    exceptEvIds: readonly string[],
    nowMs: number,
    limit: number,
  ): Promise<PendingSettlement[]>;
  /**
   * pending → prepared, with the transaction and its bytes.
   * @throws SettlementMovedError when one of the settlements is not pending with that revision any more.
   */
  abstract prepared(
    transaction: StoredTransaction,
    settlements: readonly Pick<PendingSettlement, 'settlementId' | 'factsRevision'>[],
    nowMs: number,
  ): Promise<void>;
  /** prepared → submitted; a verdict that was faster stands. */
  abstract submitted(txId: string, nowMs: number): Promise<void>;
  /** The ledger refused the transaction for good at submit: its settlements are invalid(code). */
  abstract refused(txId: string, code: string, nowMs: number): Promise<void>;
  /** pending → invalid(code): the contract refused the one settlement when it was endorsed. */
  abstract invalid(settlementId: string, code: string, nowMs: number): Promise<void>;
  /** Verdicts that are stored for the transactions given, also by another process; without the verdicts of their items. */
  abstract verdicts(txIds: readonly string[]): Promise<TransactionVerdict[]>;
  /** Transactions without a verdict, oldest first. */
  abstract inFlight(): Promise<InFlightTransaction[]>;
}
