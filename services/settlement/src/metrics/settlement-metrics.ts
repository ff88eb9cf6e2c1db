import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What operations watches of settlement, in Prometheus' text form. One registry per service, so that tests do not share. */
export class SettlementMetrics {
  readonly registry = new Registry();

  readonly claims = this.counter('tallywatt_settlement_claims_total', 'Settlement rows claimed or ruled again', [
    'state',
  ]);
  readonly batches = this.counter('tallywatt_settlement_batches_total', 'Batches prepared', ['operator']);
  readonly batchItems = new Histogram({
    name: 'tallywatt_settlement_batch_items',
    help: 'Settlements per batch',
    buckets: [1, 5, 10, 25, 50, 75, 100],
    registers: [this.registry],
  });
  readonly verdicts = this.counter('tallywatt_settlement_verdicts_total', 'Verdicts per item, from blocks', [
    'verdict',
    'code',
  ]);
  readonly invalidTransactions = this.counter(
    'tallywatt_ledger_invalid_transactions_total',
    'Own transactions that a block refused',
    ['code'],
  );
  readonly ledgerRefusals = this.counter('tallywatt_ledger_refusals_total', 'Errors of the ledger by class and code', [
    'class',
    'code',
  ]);
  readonly verdictAlarms = this.counter(
    'tallywatt_ledger_verdict_alarms_total',
    'Transactions without a verdict for a minute',
    [],
  );
  readonly blocks = this.counter('tallywatt_ledger_blocks_projected_total', 'Blocks projected', []);
  readonly projectedBlock = this.gauge('tallywatt_ledger_projected_block', 'Last projected block');
  readonly blockLag = this.gauge(
    'tallywatt_ledger_block_lag',
    'Blocks that the ledger has and the projection does not',
  );
  readonly inFlight = this.gauge('tallywatt_ledger_transactions_in_flight', 'Transactions without a verdict');
  readonly oldestPendingAge = this.gauge(
    'tallywatt_settlement_oldest_pending_age_seconds',
    'Age of the oldest settlement that is not final',
  );
  readonly pending = this.gauge('tallywatt_settlement_waiting', 'Settlements pending, prepared or submitted');
  readonly review = new Gauge({
    name: 'tallywatt_settlement_review',
    help: 'Settlements that wait for a person',
    labelNames: ['state'],
    registers: [this.registry],
  });
  readonly queueLag = this.gauge('tallywatt_settlement_queue_lag', 'Facts that have no settlement row yet');

  /** For CPU per session. Labelled, because csms serves this text together with its own. */
  readonly cpuSeconds = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time of the process',
    labelNames: ['service'],
    registers: [this.registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc({ service: 'settlement' }, (user + system) / 1e6);
    },
  });

  text(): Promise<string> {
    return this.registry.metrics();
  }

  private counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> {
    return new Counter({ name, help, labelNames: [...labelNames], registers: [this.registry] });
  }

  private gauge(name: string, help: string): Gauge {
    return new Gauge({ name, help, registers: [this.registry] });
  }
}
