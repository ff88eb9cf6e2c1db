import { Logger } from '@nestjs/common';
import { settlementJobId, SETTLE_JOB, type SettlementJob } from '@tallywatt/contracts';
import { reach } from '../failpoint.js';
import type { Change } from '../sessions/change.js';

/** Ids that wait while the queue is slow or away; what is dropped here, settlement's sweeper finds in the outbox. */
export const IDS_WAITING_MAX = 10_000;
/** How long ids gather: a queue on PostgreSQL pays per call, and a bill may wait a tenth of a second. */
export const RELAY_GATHER_MS = 100;
/** Jobs of one round trip. */
export const JOBS_PER_ADD_MAX = 1_000;

export interface QueuedJob {
  readonly name: string;
  readonly data: SettlementJob;
  readonly opts: { readonly jobId: string };
}

/** The producing end of the settlement queue. */
export abstract class SettlementQueue {
  abstract add(jobs: readonly QueuedJob[]): Promise<void>;
  abstract close(): Promise<void>;
}

/**
 * Wakes settlement after commits: one addBulk for all requests of a short while, and what is committed meanwhile goes
 * with the next. The outbox rows are the truth; a lost wake-up costs some seconds, so nothing here waits or fails a message.
 */
export class OutboxRelay {
  private waiting: string[] = [];
  private running: Promise<void> | undefined;
  private endGathering: () => void = () => undefined;
  private isDraining = false;
  private readonly logger = new Logger(OutboxRelay.name);

  constructor(
    private readonly queue: SettlementQueue,
    private readonly gatherMs: number = RELAY_GATHER_MS,
  ) {}

  announce(changes: readonly Change[]): void {
    for (const { requests } of changes) for (const { settlementId } of requests ?? []) this.waiting.push(settlementId);
    if (this.waiting.length > IDS_WAITING_MAX) this.waiting.splice(0, this.waiting.length - IDS_WAITING_MAX);
    if (this.waiting.length > 0) this.running ??= this.addAll();
  }

  /** Resolves when nothing waits any more; never rejects. */
  async drain(): Promise<void> {
    this.isDraining = true;
    this.endGathering();
    await this.running;
    this.isDraining = false;
  }

  private async addAll(): Promise<void> {
    while (this.waiting.length > 0) {
      if (!this.isDraining) await this.gather();
      const ids = this.waiting.splice(0, JOBS_PER_ADD_MAX);
      reach('beforeRelay');
      try {
        await this.queue.add(ids.map(jobOf));
        reach('jobAdded');
      } catch (error) {
        this.logger.warn({
          message: 'jobs not added; the sweeper will find them',
          count: ids.length,
          error: error instanceof Error ? error.message : String(error),
        });
      }
    }
    // In the same turn as the last look at the list: who comes later starts a new run.
    this.running = undefined;
  }

  private gather(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.gatherMs);
      this.endGathering = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function jobOf(settlementId: string): QueuedJob {
  return { name: SETTLE_JOB, data: { settlementId }, opts: { jobId: settlementJobId(settlementId) } };
}
