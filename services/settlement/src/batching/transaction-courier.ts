import { Logger } from '@nestjs/common';
import { Clock } from '../clock.js';
import { LedgerError, LedgerPort } from '../ledger/ledger.port.js';
import { SettlementMetrics } from '../metrics/settlement-metrics.js';
import { BatchStore } from './batch-store.js';
import type { TransactionVerdict } from './transaction-verdict.js';

/** ledger.md: pooled requests vanish silently, so without a verdict the same bytes go again after this time. */
export const RESUBMIT_AFTER_MS = 10_000;
/** ledger.md: a person should know. */
export const ALARM_AFTER_MS = 60_000;
/** After a submit that could not reach the orderers: they may be back in a moment. */
export const UNREACHED_RETRY_MS = 1_000;
const CHECK_EVERY_MS = 500;

interface Parcel {
  readonly txId: string;
  readonly bytes: Uint8Array;
  readonly preparedAtMs: number;
  readonly deliver: (verdict: TransactionVerdict) => void;
  /** Somebody may have ordered it already: a refusal says nothing about that copy. */
  mayBeOrdered: boolean;
  nextCheckMs: number;
  nextAlarmMs: number;
  busy: boolean;
}

/**
 * Carries stored transactions to the ledger until a block gives their verdict: submits, and asks and submits the *same
 * bytes* again when nothing is heard. A timeout is never a verdict. Verdicts come from the block listener alone.
 */
export class TransactionCourier {
  private readonly parcels = new Map<string, Parcel>();
  private readonly logger = new Logger(TransactionCourier.name);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly ledger: LedgerPort,
    private readonly store: BatchStore,
    private readonly clock: Clock,
    private readonly metrics: SettlementMetrics,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => this.check(), CHECK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  get inFlight(): number {
    return this.parcels.size;
  }

  carries(txId: string): boolean {
    return this.parcels.has(txId);
  }

  /** Submits a transaction that was just stored. Resolves with its verdict, however long that takes. */
  carry(
    transaction: { readonly txId: string; readonly bytes: Uint8Array },
    preparedAtMs: number,
  ): Promise<TransactionVerdict> {
    return this.register(transaction, preparedAtMs, false);
  }

  /** Takes over a transaction of an earlier life of this service: it may or may not have been submitted. */
  resume(
    transaction: { readonly txId: string; readonly bytes: Uint8Array },
    preparedAtMs: number,
  ): Promise<TransactionVerdict> {
    return this.register(transaction, preparedAtMs, true);
  }

  /** What the block listener read and stored. */
  deliver(verdicts: readonly TransactionVerdict[]): void {
    for (const verdict of verdicts) this.hand(verdict);
  }

  /** What another process's listener stored: asked when this one finds that it is not the one that projects. */
  async collect(): Promise<void> {
    if (this.parcels.size > 0) this.deliver(await this.store.verdicts([...this.parcels.keys()]));
  }

  private register(
    transaction: { readonly txId: string; readonly bytes: Uint8Array },
    preparedAtMs: number,
    mayBeOrdered: boolean,
  ): Promise<TransactionVerdict> {
    return new Promise((deliver) => {
      const parcel: Parcel = {
        txId: transaction.txId,
        bytes: transaction.bytes,
        preparedAtMs,
        deliver,
        mayBeOrdered,
        nextCheckMs: 0,
        nextAlarmMs: preparedAtMs + ALARM_AFTER_MS,
        busy: false,
      };
      this.parcels.set(parcel.txId, parcel);
      this.run(parcel, () => (mayBeOrdered ? this.askOrSubmit(parcel) : this.submit(parcel)));
    });
  }

  private check(): void {
    const nowMs = this.clock.nowMs();
    for (const parcel of this.parcels.values()) {
      this.alarmWhenOld(parcel, nowMs);
      if (!parcel.busy && nowMs >= parcel.nextCheckMs) this.run(parcel, () => this.askOrSubmit(parcel));
    }
  }

  private alarmWhenOld(parcel: Parcel, nowMs: number): void {
    if (nowMs < parcel.nextAlarmMs) return;
    parcel.nextAlarmMs = nowMs + ALARM_AFTER_MS;
    this.metrics.verdictAlarms.inc();
    const ageS = Math.round((nowMs - parcel.preparedAtMs) / 1000);
    this.logger.error({ message: 'transaction without a verdict', txId: parcel.txId, ageS });
  }

  private run(parcel: Parcel, work: () => Promise<void>): void {
    parcel.busy = true;
    parcel.nextCheckMs = this.clock.nowMs() + RESUBMIT_AFTER_MS;
    void work()
      .catch((error: unknown) =>
        this.logger.warn({ message: 'transaction not carried', txId: parcel.txId, error: String(error) }),
      )
      .finally(() => (parcel.busy = false));
  }

  private async askOrSubmit(parcel: Parcel): Promise<void> {
    const [verdict] = await this.store.verdicts([parcel.txId]);
    if (verdict !== undefined) this.hand(verdict);
    // In a block: the listener will come to it and bring the verdict.
    else if ((await this.ledger.commitStatus(parcel.txId, 0)) === undefined) await this.submit(parcel);
  }

  private async submit(parcel: Parcel): Promise<void> {
    const firstTime = !parcel.mayBeOrdered;
    parcel.mayBeOrdered = true;
    try {
      await this.ledger.submit(parcel);
    } catch (error) {
      await this.notSubmitted(parcel, error, firstTime);
      return;
    }
    if (this.parcels.has(parcel.txId)) await this.store.submitted(parcel.txId, this.clock.nowMs());
  }

  private async notSubmitted(parcel: Parcel, error: unknown, firstTime: boolean): Promise<void> {
    if (error instanceof LedgerError && error.errorClass === 'final' && firstTime) {
      await this.refuse(parcel, error.code);
      return;
    }
    const stop = error instanceof LedgerError && (error.errorClass === 'stop' || error.errorClass === 'final');
    if (stop)
      this.logger.error({
        message: 'ledger refuses a transaction that may be ordered',
        txId: parcel.txId,
        error: String(error),
      });
    const unreached = error instanceof LedgerError && error.errorClass === 'retry';
    if (unreached) parcel.nextCheckMs = this.clock.nowMs() + UNREACHED_RETRY_MS;
  }

  private async refuse(parcel: Parcel, code: string): Promise<void> {
    await this.store.refused(parcel.txId, code, this.clock.nowMs());
    this.hand({ txId: parcel.txId, valid: false, code, blockNumber: null, items: [] });
  }

  private hand(verdict: TransactionVerdict): void {
    const parcel = this.parcels.get(verdict.txId);
    if (!parcel) return;
    this.parcels.delete(verdict.txId);
    parcel.deliver(verdict);
  }
}
