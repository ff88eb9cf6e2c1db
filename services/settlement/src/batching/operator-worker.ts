import { Logger } from '@nestjs/common';
import { SETTLE_ITEMS_MAX } from '@tallywatt/contracts';
import type { Clock } from '../clock.js';
import type { Randomness } from '../randomness.js';
import type { AccountLocks } from './account-locks.js';
import { backoffMs } from './backoff.js';
import { type Batch, buildBatch } from './batch.js';
import type { BatchStore } from './batch-store.js';
import type { BatchOutcome, SettleBatch } from './settle-batch.js';

/** A batch goes when this many wait: beyond it the cost per settlement hardly falls (ledger.md). */
export const FLUSH_ITEMS = 50;
/** … or when the oldest waited this long. */
export const FLUSH_AFTER_MS = 250;
/** Batches of one operator without a verdict: one being endorsed, one ordered, one on its way back. */
export const BATCHES_IN_FLIGHT_MAX = 3;
/** A wake-up that got lost (another process claimed the row, a back-off ended) costs this much. */
export const IDLE_LOOK_MS = 1_000;
/** After access was denied or an identity expired, only a person can help. */
export const STOPPED_LOOK_MS = 30_000;

interface WorkerParts {
  readonly store: BatchStore;
  readonly locks: AccountLocks;
  readonly flow: SettleBatch;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** Takes one operator's pending settlements, oldest first, and sends them in batches. One per operator, see OperatorWorkers. */
export class OperatorWorker {
  private readonly logger: Logger;
  private readonly batches = new Set<Promise<void>>();
  private waiting = 0;
  private failures = 0;
  private pausedUntilMs = 0;
  private timer: NodeJS.Timeout | undefined;
  private dueMs = Number.POSITIVE_INFINITY;
  private looking = false;
  private lookAgain = false;
  private stopped = false;

  constructor(
    readonly operatorId: string,
    private readonly parts: WorkerParts,
  ) {
    this.logger = new Logger(`${OperatorWorker.name} ${operatorId}`);
    this.lookWithin(0);
  }

  /** So many settlements were added. */
  wake(count: number): void {
    this.waiting += count;
    this.lookWithin(this.waiting >= FLUSH_ITEMS ? 0 : FLUSH_AFTER_MS);
  }

  /** Starts no further batch. Verdicts still due are for the next life of the service. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private lookWithin(delayMs: number): void {
    const atMs = this.parts.clock.nowMs() + delayMs;
    if (this.stopped || (this.timer !== undefined && atMs >= this.dueMs)) return;
    clearTimeout(this.timer);
    this.dueMs = atMs;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.look();
    }, delayMs);
  }

  private async look(): Promise<void> {
    if (this.looking) {
      this.lookAgain = true;
      return;
    }
    this.looking = true;
    try {
      await this.send();
    } catch (error) {
      this.logger.warn({ message: 'no settlements read', error: String(error) });
      this.failed();
    } finally {
      this.looking = false;
      if (this.lookAgain) this.lookWithin(0);
      this.lookAgain = false;
      this.lookWithin(IDLE_LOOK_MS);
    }
  }

  private async send(): Promise<void> {
    while (!this.stopped && this.batches.size < BATCHES_IN_FLIGHT_MAX && !this.paused()) {
      this.waiting = 0;
      const taken = await this.take();
      if (taken === undefined) return;
      this.start(taken.batch, taken.release);
      if (!taken.more) return;
    }
    // Blocked by what is in flight or by a pause: its end looks again.
  }

  private async take(): Promise<
    { readonly batch: Batch; readonly release: () => void; readonly more: boolean } | undefined
  > {
    const { store, locks, clock } = this.parts;
    const candidates = await store.pending(this.operatorId, locks.busy(), clock.nowMs(), SETTLE_ITEMS_MAX);
    if (this.stopped) return undefined;
    // Between reading and here another writer may have taken an account.
    const lock = locks.tryLock(candidates.map((candidate) => candidate.evId));
    const free = candidates.filter((candidate) => lock.locked.has(candidate.evId));
    const batch = buildBatch(this.operatorId, free);
    if (batch === undefined) {
      lock.release();
      return undefined;
    }
    return {
      batch,
      release: lock.release,
      more: candidates.length === SETTLE_ITEMS_MAX || batch.settlements.length < free.length,
    };
  }

  private start(batch: Batch, release: () => void): void {
    const settling = this.parts.flow.settle(batch).then((outcome) => {
      release();
      this.batches.delete(settling);
      this.ended(outcome);
    });
    this.batches.add(settling);
  }

  private ended(outcome: BatchOutcome): void {
    switch (outcome) {
      case 'done':
        this.failures = 0;
        this.lookWithin(this.waiting >= FLUSH_ITEMS ? 0 : FLUSH_AFTER_MS);
        return;
      case 'hold':
        this.failed();
        return;
      case 'stop':
        this.pause(STOPPED_LOOK_MS);
        return;
    }
  }

  private failed(): void {
    this.failures += 1;
    this.pause(backoffMs(this.failures, this.parts.randomness));
  }

  private pause(pauseMs: number): void {
    this.pausedUntilMs = this.parts.clock.nowMs() + pauseMs;
    this.lookWithin(pauseMs);
  }

  private paused(): boolean {
    return this.parts.clock.nowMs() < this.pausedUntilMs;
  }
}
