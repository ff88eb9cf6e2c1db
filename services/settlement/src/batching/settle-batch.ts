import { Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { LedgerError, LedgerPort, type PreparedTransaction } from '../ledger/ledger.port.js';
import { SettlementMetrics } from '../metrics/settlement-metrics.js';
import { type Batch, splitBatch } from './batch.js';
import { BatchStore, SettlementMovedError } from './batch-store.js';
import { TransactionCourier } from './transaction-courier.js';

/** What the operator's worker should do next. `hold`: nothing was ordered, the rows are pending still, try later. */
export type BatchOutcome = 'done' | 'hold' | 'stop';

/**
 * One batch's way: endorse → store txId and bytes with the rows (one commit) → submit → wait for the block's verdict.
 * The rows are moved by the stores; this only decides the order.
 */
export class SettleBatch {
  private readonly logger = new Logger(SettleBatch.name);

  constructor(
    private readonly ledger: LedgerPort,
    private readonly store: BatchStore,
    private readonly courier: TransactionCourier,
    private readonly clock: Clock,
    private readonly metrics: SettlementMetrics,
  ) {}

  /** Resolves when a block has given the verdict and it is stored, or when nothing was ordered. Never rejects. */
  async settle(batch: Batch): Promise<BatchOutcome> {
    try {
      const prepared = await this.ledger.prepare('SettleBatch', batch.args, {
        mspId: batch.operatorId,
        role: 'settler',
      });
      await this.carry(batch, prepared);
      return 'done';
    } catch (error) {
      return this.notOrdered(batch, error);
    }
  }

  private async carry(batch: Batch, prepared: PreparedTransaction): Promise<void> {
    const nowMs = this.clock.nowMs();
    const evIds = [...new Set(batch.settlements.map((settlement) => settlement.evId))];
    const stored = {
      txId: prepared.txId,
      fn: 'SettleBatch',
      mspId: batch.operatorId,
      bytes: prepared.bytes,
      evIds,
    } as const;
    await this.store.prepared(stored, batch.settlements, nowMs);
    this.metrics.batches.inc({ operator: batch.operatorId });
    this.metrics.batchItems.observe(batch.settlements.length);
    await this.courier.carry(prepared, nowMs);
  }

  /** Nothing was stored, so nothing was submitted: the rows are pending as before. */
  private async notOrdered(batch: Batch, error: unknown): Promise<BatchOutcome> {
    if (error instanceof SettlementMovedError) return 'done';
    if (!(error instanceof LedgerError)) {
      this.logger.warn({ message: 'batch not prepared', operatorId: batch.operatorId, error: String(error) });
      return 'hold';
    }
    this.metrics.ledgerRefusals.inc({ class: error.errorClass, code: error.code });
    switch (error.errorClass) {
      case 'final':
        return this.isolate(batch, error);
      case 'stop':
        this.logger.error({
          message: 'ledger stops an operator',
          operatorId: batch.operatorId,
          code: error.code,
          error: error.message,
        });
        return 'stop';
      case 'retry':
      case 'ask-again':
        return 'hold';
    }
  }

  /** A refusal of the whole batch is some item's fault: halve until it stands alone, so that it fails no other. */
  private async isolate(batch: Batch, error: LedgerError): Promise<BatchOutcome> {
    const [only] = batch.settlements;
    if (batch.settlements.length > 1 || only === undefined) {
      const [left, right] = splitBatch(batch);
      const first = await this.settle(left);
      return first === 'done' ? this.settle(right) : first;
    }
    this.logger.error({
      message: 'settlement refused',
      settlementId: only.settlementId,
      code: error.code,
      error: error.message,
    });
    try {
      await this.store.invalid(only.settlementId, error.code, this.clock.nowMs());
      return 'done';
    } catch {
      return 'hold';
    }
  }
}
