import type { Caller, LedgerFunction, LedgerTransactions } from '@tallywatt/contracts';

/** Validation code of a transaction in a block, spelled as Fabric spells it. */
export type ValidationCode =
  'VALID' | 'MVCC_READ_CONFLICT' | 'PHANTOM_READ_CONFLICT' | 'DUPLICATE_TXID' | (string & {});

/** What endorsement gave: enough to submit the same transaction again after any crash. */
export interface PreparedTransaction {
  readonly txId: string;
  /** Stored before the first submit; submitting equal bytes twice orders the transaction once. */
  readonly bytes: Uint8Array;
  /** The contract's answer, JSON. */
  readonly result: string;
}

/** A transaction's place in the chain. */
export interface CommitStatus {
  readonly txId: string;
  readonly blockNumber: bigint;
  readonly code: ValidationCode;
}

/** One committed write; `value` null means deleted (folded deltas only). */
export interface LedgerWrite {
  readonly key: string;
  readonly value: Uint8Array | null;
}

export interface LedgerBlockTransaction {
  readonly txId: string;
  readonly code: ValidationCode;
  readonly fn: LedgerFunction;
  /** Canonical JSON of the arguments as submitted. */
  readonly args: string;
  readonly creator: Caller;
  readonly timestampMs: number;
  readonly writes: readonly LedgerWrite[];
  readonly event: { readonly name: string; readonly payload: Uint8Array } | null;
  /** Organisations that endorsed; empty on the embedded ledger. */
  readonly endorsers: readonly { readonly mspId: string; readonly peerNode: string }[];
}

export interface LedgerBlock {
  readonly number: bigint;
  readonly previousHash: string;
  readonly hash: string;
  readonly committedAtMs: number;
  readonly transactions: readonly LedgerBlockTransaction[];
}

/** What a ledger refused, by class (ledger.md "Error classes"): retry is chosen by class, never by message text. */
export type LedgerErrorClass = 'retry' | 'ask-again' | 'final' | 'stop';

export class LedgerError extends Error {
  constructor(
    readonly errorClass: LedgerErrorClass,
    /** Stable code, e.g. a contract code such as `UNKNOWN_ACCOUNT`, or `LEDGER_UNAVAILABLE`. */
    readonly code: string,
    message: string,
    readonly txId?: string,
  ) {
    super(message);
  }
}

/** The ledger, as settlement needs it. Two implementations, one behaviour table. */
export abstract class LedgerPort {
  /** `embedded` is shown as "development ledger, no consensus" everywhere. */
  abstract readonly mode: 'embedded' | 'fabric';
  /** Endorses; writes nothing. Throws {@link LedgerError} with the contract's code when it refuses. */
  abstract prepare<F extends LedgerFunction>(
    fn: F,
    args: LedgerTransactions[F],
    caller: Caller,
  ): Promise<PreparedTransaction>;
  /** Hands the bytes to ordering. Resolving does not mean committed. Safe to repeat with the same bytes. */
  abstract submit(transaction: Pick<PreparedTransaction, 'txId' | 'bytes'>): Promise<void>;
  /** The verdict of the chain, waiting at most `waitMs`; undefined means "not yet", never "failed". */
  abstract commitStatus(txId: string, waitMs: number): Promise<CommitStatus | undefined>;
  /** A query without consensus; the answer is JSON. */
  abstract evaluate(query: string, args: unknown, caller: Caller): Promise<string>;
  /** Blocks from `from` on, in order, live until the signal aborts. */
  abstract blocks(from: bigint, signal: AbortSignal): AsyncIterable<LedgerBlock>;
  /** Height = number of blocks. */
  abstract height(): Promise<bigint>;
  /** Begins what runs beside the calls; reading works without it. */
  abstract start(): void;
  /** Ends it, and lets go of every connection. */
  abstract stop(): Promise<void>;
}
