import type { CommitStatus } from './ledger.port.js';

/** Verdicts kept in memory: more than all callers wait for at once; older ones are in the database. */
export const RECENT_VERDICTS_MAX = 10_000;

/** Tells callers that wait for a transaction what the chain decided. */
export class VerdictBoard {
  private readonly recent = new Map<string, CommitStatus>();
  private readonly waiters = new Map<string, Set<(status: CommitStatus) => void>>();

  known(txId: string): CommitStatus | undefined {
    return this.recent.get(txId);
  }

  post(status: CommitStatus): void {
    this.recent.set(status.txId, status);
    const oldest = this.recent.keys().next();
    if (this.recent.size > RECENT_VERDICTS_MAX && oldest.done !== true) this.recent.delete(oldest.value);
    for (const resolve of this.waiters.get(status.txId) ?? []) resolve(status);
    this.waiters.delete(status.txId);
  }

  /** The verdict when it comes within `waitMs`; undefined is "not yet". */
  async wait(txId: string, waitMs: number): Promise<CommitStatus | undefined> {
    const known = this.recent.get(txId);
    if (known !== undefined || waitMs <= 0) return known;
    return new Promise((resolve) => {
      const waiting = this.waiters.get(txId) ?? new Set();
      this.waiters.set(txId, waiting);
      const settle = (status: CommitStatus | undefined): void => {
        clearTimeout(timer);
        waiting.delete(settle);
        if (waiting.size === 0 && this.waiters.get(txId) === waiting) this.waiters.delete(txId);
        resolve(status);
      };
      const timer = setTimeout(() => settle(undefined), waitMs);
      waiting.add(settle);
    });
  }
}
