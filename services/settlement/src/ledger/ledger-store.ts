import type { ChainBlock, ChainTip } from './block-chain.js';
import type { CommitStatus } from './ledger.port.js';

/** A value and where it was written last (`block:position`). */
export interface StoredValue {
  readonly value: Uint8Array;
  readonly version: string;
}
export interface StoredEntry extends StoredValue {
  readonly key: string;
}
/** One write of a block; value null deletes. */
export interface StateChange {
  readonly key: string;
  readonly value: Uint8Array | null;
  readonly position: number;
}

/** State at one point of the chain. */
export interface StateView {
  /** Only keys that exist are in the answer. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>>;
  /** start ≤ key < end in key order, at most `limit`. */
  range(start: string, end: string, limit: number): Promise<readonly StoredEntry[]>;
}

/** The right to write, held by one session; it ends with the session. */
export interface LedgerWriter {
  /** Resolves when the right is gone. */
  readonly lost: Promise<void>;
  tip(): Promise<ChainTip>;
  /** Places of those of the transactions that a block has already. */
  placesOf(txIds: readonly string[]): Promise<readonly CommitStatus[]>;
  /** Block and state in one PostgreSQL transaction. */
  commit(block: ChainBlock, changes: readonly StateChange[]): Promise<void>;
  close(): Promise<void>;
}

/** Blocks and state, as one reader sees them. */
export interface LedgerView extends StateView {
  /** Blocks from a number on, at most `limit`, whole and in order. */
  blocks(from: bigint, limit: number): Promise<readonly ChainBlock[]>;
  tip(): Promise<ChainTip>;
}

/** Blocks and state of the embedded ledger. */
export abstract class LedgerStore implements LedgerView {
  abstract getMany(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>>;
  abstract range(start: string, end: string, limit: number): Promise<readonly StoredEntry[]>;
  abstract blocks(from: bigint, limit: number): Promise<readonly ChainBlock[]>;
  abstract tip(): Promise<ChainTip>;
  /** Everything that the work reads is of one moment. */
  abstract snapshot<T>(work: (view: LedgerView) => Promise<T>): Promise<T>;
  abstract placeOf(txId: string): Promise<CommitStatus | undefined>;
  /** undefined while another session holds the right. */
  abstract openWriter(): Promise<LedgerWriter | undefined>;
}
