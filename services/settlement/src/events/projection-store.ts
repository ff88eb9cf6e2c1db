import type { LedgerChanges } from './ledger-changes.js';

/** A group of blocks that does not continue the projection: another process is ahead, or blocks are missing. */
export class ProjectionGapError extends Error {}

/** The projection, as the listener writes it. */
export abstract class ProjectionStore {
  /** The first block that is not projected yet. */
  abstract nextBlock(): Promise<bigint>;
  /**
   * Checkpoint, projections, settlement rows, their steps: one commit, so that a replay finds all or nothing done.
   * `retryAtMs`: when a settlement whose transaction lost a race may go again, by its attempts so far.
   * @throws ProjectionGapError when the first block is not the checkpoint's next one.
   */
  abstract apply(changes: LedgerChanges, nowMs: number, retryAtMs: (attempt: number) => number): Promise<void>;
}
