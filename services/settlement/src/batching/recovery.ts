import { Logger } from '@nestjs/common';
import { AccountLocks } from './account-locks.js';
import { BatchStore } from './batch-store.js';
import { TransactionCourier } from './transaction-courier.js';

/** At start, before anything else writes: what an earlier life left without a verdict is carried on, with its accounts locked. */
export class Recovery {
  private readonly logger = new Logger(Recovery.name);

  constructor(
    private readonly store: BatchStore,
    private readonly locks: AccountLocks,
    private readonly courier: TransactionCourier,
  ) {}

  /** @returns how many transactions are in flight. */
  async run(): Promise<number> {
    const transactions = await this.store.inFlight();
    for (const transaction of transactions) {
      // Two of them may name one account (a lock is per process): each holds what it gets, the ledger settles the rest.
      const { release } = this.locks.tryLock(transaction.evIds);
      void this.courier.resume(transaction, transaction.preparedAtMs).then(release);
    }
    if (transactions.length > 0)
      this.logger.log(`${transactions.length} transactions without a verdict are carried on`);
    return transactions.length;
  }
}
