import { Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { Randomness } from '../randomness.js';
import { AccountLocks } from './account-locks.js';
import { BatchStore } from './batch-store.js';
import { OperatorLocks } from './operator-locks.js';
import { OperatorWorker } from './operator-worker.js';
import { SettleBatch } from './settle-batch.js';

/** How often operators that wait without a worker are looked for: their process may have died. */
const ADOPT_EVERY_MS = 2_000;

/** The operators that this process settles for, and their workers. */
export class OperatorWorkers {
  private readonly workers = new Map<string, OperatorWorker>();
  private readonly logger = new Logger(OperatorWorkers.name);
  private timer: NodeJS.Timeout | undefined;
  private adopting = false;

  constructor(
    private readonly store: BatchStore,
    private readonly operatorLocks: OperatorLocks,
    private readonly locks: AccountLocks,
    private readonly flow: SettleBatch,
    private readonly clock: Clock,
    private readonly randomness: Randomness,
    /** undefined = every operator. */
    private readonly operators: readonly string[] | undefined,
  ) {}

  start(): void {
    this.operatorLocks.onLost(() => this.dismissAll());
    this.timer ??= setInterval(() => void this.adopt(), ADOPT_EVERY_MS);
    void this.adopt();
  }

  /** So many settlements of an operator were added. */
  wake(operatorId: string, count: number): void {
    const worker = this.workers.get(operatorId);
    if (worker) worker.wake(count);
    else void this.employ(operatorId).catch((error: unknown) => this.report(error));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.dismissAll();
    await this.operatorLocks.end();
  }

  private async adopt(): Promise<void> {
    if (this.adopting) return;
    this.adopting = true;
    try {
      for (const operatorId of await this.store.operatorsWithPending()) await this.employ(operatorId);
    } catch (error) {
      this.report(error);
    } finally {
      this.adopting = false;
    }
  }

  private async employ(operatorId: string): Promise<void> {
    if (this.workers.has(operatorId) || this.operators?.includes(operatorId) === false) return;
    if (!(await this.operatorLocks.tryLock(operatorId)) || this.workers.has(operatorId) || this.timer === undefined)
      return;
    const { store, locks, flow, clock, randomness } = this;
    this.workers.set(operatorId, new OperatorWorker(operatorId, { store, locks, flow, clock, randomness }));
  }

  private dismissAll(): void {
    for (const worker of this.workers.values()) worker.stop();
    this.workers.clear();
  }

  private report(error: unknown): void {
    this.logger.warn({ message: 'operators not looked for', error: String(error) });
  }
}
