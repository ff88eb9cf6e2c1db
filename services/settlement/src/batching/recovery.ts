import { Logger } from '@nestjs/common';
import type { Clock } from '../clock.js';
import type { AccountLocks } from './account-locks.js';
import type { BatchStore } from './batch-store.js';
import { RESUBMIT_AFTER_MS, type TransactionCourier } from './transaction-courier.js';

/** How often transactions are looked for that nobody carries. */
export const STRAYS_EVERY_MS = 5_000;

/**
 * Transactions that are stored but not carried. At start all of them, with their accounts locked, before anything else
 * writes; later those whose commit was done although its answer got lost, or whose process is gone.
 */
export class Recovery {
  private readonly logger = new Logger(Recovery.name);
  private timer: NodeJS.Timeout | undefined;
  private looking = false;

  constructor(
    private readonly store: BatchStore,
    private readonly locks: AccountLocks,
    private readonly courier: TransactionCourier,
    private readonly clock: Clock,
  ) {}

  /** Takes over what an earlier life left. @throws what the database says: nothing may start before this is done. */
  async start(): Promise<void> {
    await this.takeOver(Number.POSITIVE_INFINITY);
    this.timer ??= setInterval(() => void this.lookForStrays(), STRAYS_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  /** Not the young ones: they are on their way between store and courier. */
  private async lookForStrays(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      await this.takeOver(this.clock.nowMs() - RESUBMIT_AFTER_MS);
    } catch (error) {
      this.logger.warn({ message: 'strays not looked for', error: String(error) });
    } finally {
      this.looking = false;
    }
  }

  private async takeOver(preparedBeforeMs: number): Promise<void> {
    const strays = (await this.store.inFlight()).filter(
      (transaction) => transaction.preparedAtMs < preparedBeforeMs && !this.courier.carries(transaction.txId),
    );
    for (const transaction of strays) {
      // Two of them may name one account (a lock is per process): each holds what it gets, the ledger settles the rest.
      const { release } = this.locks.tryLock(transaction.evIds);
      void this.courier.resume(transaction, transaction.preparedAtMs).then(release);
    }
    if (strays.length > 0) this.logger.log(`${strays.length} transactions without a verdict are carried on`);
  }
}
