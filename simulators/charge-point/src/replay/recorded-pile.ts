import { bootNotificationAnswer, authorizeAnswer, startTransactionAnswer } from '../answers.js';
import type { Clock } from '../clock.js';
import { meterValues, startTransaction, stopTransaction } from '../messages.js';
import type { PileLink } from '../pile-link.js';
import { TransactionQueue } from '../transaction-queue.js';
import type { PlannedPile, PlannedSession } from './plan.js';

/** A refused transaction message is a defect of a replay, not weather: few repetitions, then the run says so. */
const RETRY_POLICY = { attempts: 3, intervalMs: 1000 };
/** OCPP 1.6: vendor and model are CiString20. */
export const BOOT_TEXT_LENGTH_MAX = 20;

export interface PlayedSession {
  readonly session: PlannedSession;
  readonly transactionId: number;
}

/** A pile of the past: plays rows of the file with the times and registers of the file. */
export class RecordedPile {
  private readonly queue: TransactionQueue;
  private readonly openConnectors = new Set<number>();

  constructor(
    readonly pile: PlannedPile,
    private readonly link: PileLink,
    private readonly clock: Clock,
  ) {
    this.queue = new TransactionQueue(link, clock, () => RETRY_POLICY);
  }

  /** Connects and boots. */
  async start(): Promise<void> {
    await this.link.connect();
    await this.boot();
  }

  /** Boots until accepted; ends what this pile left open (`inferred`). */
  async boot(): Promise<void> {
    const payload = {
      chargePointVendor: 'Recorded',
      chargePointModel: (this.pile.model || 'Recorded').slice(0, BOOT_TEXT_LENGTH_MAX),
    };
    for (;;) {
      const answer = bootNotificationAnswer.parse(await this.queue.send('BootNotification', () => payload));
      if (answer.status === 'Accepted') return;
      await this.clock.sleep(Math.max(1, answer.interval) * 1000);
    }
  }

  async play(session: PlannedSession): Promise<PlayedSession> {
    const { row, idTag, startMs, meterStartWh, stop } = session;
    const { connectorId } = row;
    authorizeAnswer.parse(await this.queue.send('Authorize', () => ({ idTag })));
    const started = startTransactionAnswer.parse(
      await this.queue.send('StartTransaction', () => startTransaction({ connectorId, idTag, startMs, meterStartWh })),
    );
    const { transactionId } = started;
    this.openConnectors.add(connectorId);
    if (started.idTagInfo.status !== 'Accepted') await this.stopRefused(session, transactionId);
    else if (stop !== undefined) await this.stop(session, transactionId, stop);
    return { session, transactionId };
  }

  /** Connectors with a session that has no end in the file. */
  get leavesOpen(): boolean {
    return this.openConnectors.size > 0;
  }

  close(): Promise<void> {
    return this.link.close();
  }

  private async stop(
    session: PlannedSession,
    transactionId: number,
    stop: { endMs: number; meterStopWh: number },
  ): Promise<void> {
    const { connectorId } = session.row;
    const { endMs, meterStopWh } = stop;
    const reading = {
      connectorId,
      transactionId,
      atMs: endMs,
      registerWh: meterStopWh,
      context: 'Transaction.End',
    } as const;
    await this.queue.send('MeterValues', () => meterValues(reading));
    await this.queue.send('StopTransaction', () =>
      stopTransaction({ transactionId, idTag: session.idTag, endMs, meterStopWh, reason: 'Local' }),
    );
    this.openConnectors.delete(connectorId);
  }

  /** StopTransactionOnInvalidId: no energy for a tag that was refused. */
  private async stopRefused(session: PlannedSession, transactionId: number): Promise<void> {
    const { startMs: endMs, meterStartWh: meterStopWh } = session;
    await this.queue.send('StopTransaction', () =>
      stopTransaction({ transactionId, endMs, meterStopWh, reason: 'DeAuthorized' }),
    );
    this.openConnectors.delete(session.row.connectorId);
  }
}
