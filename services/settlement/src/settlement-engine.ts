import { AccountLocks } from './batching/account-locks.js';
import { LedgerWriter } from './batching/ledger-writer.js';
import { OperatorWorkers } from './batching/operator-workers.js';
import { RatingBatcher } from './batching/rating-batcher.js';
import { Recovery } from './batching/recovery.js';
import { SettleBatch } from './batching/settle-batch.js';
import { TransactionCourier } from './batching/transaction-courier.js';
import type { Clock } from './clock.js';
import { LedgerEventListener } from './events/ledger-event-listener.js';
import type { LedgerMovedSignal } from './events/ledger-moved.js';
import { ClaimGatherer } from './intake/claim-gatherer.js';
import { ClaimService } from './intake/claim.service.js';
import { SettlementDecisions } from './intake/decisions.js';
import { SettlementProcessor } from './intake/settlement.processor.js';
import { Sweeper } from './intake/sweeper.js';
import type { LedgerPort } from './ledger/ledger.port.js';
import { SettlementMetrics } from './metrics/settlement-metrics.js';
import { PgBatchStore } from './persistence/batch-store.pg.js';
import { PgClaimStore } from './persistence/claim-store.pg.js';
import type { Database } from './persistence/database.js';
import { PgFactSource } from './persistence/fact-source.pg.js';
import { PgProjectionStore } from './persistence/ledger-projection.pg.js';
import { PgOperatorLocks } from './persistence/operator-locks.pg.js';
import { PgStationTariffs } from './persistence/station-tariffs.pg.js';
import { TariffBook } from './pricing/tariff-book.js';
import type { Randomness } from './randomness.js';

/** What the engine is built from. */
export interface EngineParts {
  readonly database: Database;
  readonly ledger: LedgerPort;
  readonly signal: LedgerMovedSignal;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Operators to settle for; undefined = all. */
  readonly operators: readonly string[] | undefined;
}

/** Facts in, final bills out: everything between the queue and the projection, wired once. */
export class SettlementEngine {
  readonly metrics = new SettlementMetrics();
  readonly locks = new AccountLocks();
  readonly tariffs: TariffBook;
  readonly courier: TransactionCourier;
  readonly writer: LedgerWriter;
  readonly ratings: RatingBatcher;
  readonly workers: OperatorWorkers;
  readonly claims: ClaimService;
  readonly decisions: SettlementDecisions;
  readonly processor: SettlementProcessor;
  readonly sweeper: Sweeper;
  readonly listener: LedgerEventListener;
  private readonly recovery: Recovery;

  constructor({ database, ledger, signal, clock, randomness, operators }: EngineParts) {
    const { metrics, locks } = this;
    const batches = new PgBatchStore(database);
    const claims = new PgClaimStore(database);
    const facts = new PgFactSource(database);
    this.tariffs = new TariffBook(new PgStationTariffs(database));
    this.courier = new TransactionCourier(ledger, batches, clock, metrics);
    this.recovery = new Recovery(batches, locks, this.courier, clock);
    this.writer = new LedgerWriter(ledger, batches, locks, this.courier, clock, randomness);
    this.ratings = new RatingBatcher(this.writer);
    const flow = new SettleBatch(ledger, batches, this.courier, clock, metrics);
    this.workers = new OperatorWorkers(
      batches,
      new PgOperatorLocks(database),
      locks,
      flow,
      clock,
      randomness,
      operators,
    );
    this.claims = new ClaimService(facts, claims, this.tariffs, this.workers, clock, metrics);
    this.decisions = new SettlementDecisions(facts, this.claims, claims, this.workers, clock);
    this.processor = new SettlementProcessor(new ClaimGatherer(this.claims));
    this.sweeper = new Sweeper(this.claims);
    const projections = new PgProjectionStore(database);
    this.listener = new LedgerEventListener(
      ledger,
      projections,
      this.courier,
      this.tariffs,
      signal,
      clock,
      randomness,
      metrics,
    );
  }

  /** In this order: what an earlier life left is known and locked before anything new is written. */
  async start(): Promise<void> {
    await this.recovery.start();
    this.courier.start();
    this.listener.start();
    this.workers.start();
    this.sweeper.start();
  }

  /** Takes nothing new and leaves everything else to the next life: nothing depends on a clean stop. */
  async stop(): Promise<void> {
    await this.sweeper.stop();
    await this.workers.stop();
    this.recovery.stop();
    this.courier.stop();
    await this.listener.stop();
  }
}
