import { Logger } from '@nestjs/common';
import { backoffMs } from '../batching/backoff.js';
import { TransactionCourier } from '../batching/transaction-courier.js';
import { Clock } from '../clock.js';
import { reach } from '../failpoint.js';
import { type LedgerBlock, LedgerPort } from '../ledger/ledger.port.js';
import { SettlementMetrics } from '../metrics/settlement-metrics.js';
import { TariffBook } from '../pricing/tariff-book.js';
import { Randomness } from '../randomness.js';
import { BlockBuffer } from './block-buffer.js';
import type { LedgerChanges } from './ledger-changes.js';
import { LedgerMovedSignal } from './ledger-moved.js';
import { ProjectionGapError, ProjectionStore } from './projection-store.js';
import { readBlocks } from './read-blocks.js';

/**
 * Reads blocks from the checkpoint and projects them, several per commit when it is behind. What it stored, it then tells:
 * verdicts to the courier, new tariffs to the tariff book, movement to csms. On any fault it starts again from the checkpoint.
 */
export class LedgerEventListener {
  private readonly logger = new Logger(LedgerEventListener.name);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly ledger: LedgerPort,
    private readonly store: ProjectionStore,
    private readonly courier: TransactionCourier,
    private readonly tariffs: TariffBook,
    private readonly signal: LedgerMovedSignal,
    private readonly clock: Clock,
    private readonly randomness: Randomness,
    private readonly metrics: SettlementMetrics,
  ) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Resolves when the group that is being projected is stored. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopping.signal.aborted) {
      try {
        await this.follow(() => (failures = 0));
      } catch (error) {
        failures = this.notProjected(error, failures);
      }
      if (!this.stopping.signal.aborted)
        await pause(backoffMs(Math.max(failures, 1), this.randomness), this.stopping.signal);
    }
  }

  /** Another process that projected the block is no fault. @returns the failures in a row. */
  private notProjected(error: unknown, failures: number): number {
    if (error instanceof ProjectionGapError) return 0;
    this.logger.error({
      message: 'blocks not projected',
      failures: failures + 1,
      error: error instanceof Error ? error.stack : String(error),
    });
    return failures + 1;
  }

  private async follow(projected: () => void): Promise<void> {
    const end = new AbortController();
    const abort = (): void => end.abort();
    this.stopping.signal.addEventListener('abort', abort);
    const from = await this.store.nextBlock();
    // Earlier blocks may have been projected by another process: it stored our verdicts, and told nobody here.
    await this.courier.collect();
    const buffer = new BlockBuffer(this.ledger.blocks(from, end.signal), end.signal);
    try {
      for (let blocks = await buffer.take(); blocks !== undefined; blocks = await buffer.take()) {
        await this.project(blocks, buffer.length);
        projected();
      }
    } finally {
      this.stopping.signal.removeEventListener('abort', abort);
      end.abort();
    }
  }

  private async project(blocks: readonly [LedgerBlock, ...LedgerBlock[]], waiting: number): Promise<void> {
    const changes = readBlocks(blocks);
    const nowMs = this.clock.nowMs();
    await this.store.apply(changes, nowMs, (attempt) => nowMs + backoffMs(attempt, this.randomness));
    reach('finalNotReported');
    this.tell(changes, blocks.length, waiting);
  }

  private tell(changes: LedgerChanges, blocks: number, waiting: number): void {
    if (changes.stations.size > 0 || changes.prices.size > 0 || changes.tariffs.size > 0) this.tariffs.forget();
    this.courier.deliver(changes.transactions);
    this.signal.moved(changes.lastBlock);
    this.metrics.blocks.inc(blocks);
    this.metrics.projectedBlock.set(Number(changes.lastBlock));
    this.metrics.blockLag.set(waiting);
    for (const { valid, code, items } of changes.transactions) {
      if (!valid) this.metrics.invalidTransactions.inc({ code });
      for (const item of items) this.metrics.verdicts.inc({ verdict: item.verdict, code: item.code ?? '' });
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
    signal.addEventListener('abort', done);
  });
}
