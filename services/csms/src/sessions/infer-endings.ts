import { Injectable, Logger } from '@nestjs/common';
import { ChargePointStore, type ChargePoint } from '../piles/charge-point.js';
import type { Change } from './change.js';
import { Clock } from './clock.js';
import { closeByInference } from './closing.js';
import type { InferredCause } from './ending.js';
import { meterValuesOf } from './stored-messages.js';
import { PARKED_MS_MAX, type OrphanDecision, type ParkedMessage } from './orphans.js';
import { SessionRepository, StaleChangeError, type SessionFile } from './session.repository.js';
import { retryWhenStale } from './stale.js';

/** A pile sends its Stop before or right after `Available`; this long after it none will come by itself. */
export const AVAILABLE_GRACE_MS = 60_000;
/** reliability.md section 5: a pile that was not seen for so long has died. */
export const OFFLINE_MS_MAX = 24 * 3_600_000;
/** Sessions and messages of one sweep; the rest waits for the next. */
export const SWEEP_ITEMS_MAX = 200;

/** Use case: what is concluded when a StopTransaction does not come, and when a Start does not. */
@Injectable()
export class InferEndings {
  private readonly logger = new Logger(InferEndings.name);

  constructor(
    private readonly repository: SessionRepository,
    private readonly piles: ChargePointStore,
    private readonly clock: Clock,
  ) {}

  /** The pile has rebooted: what ran on it has ended. */
  async afterBoot(pile: ChargePoint, bootedAtMs: number): Promise<void> {
    await retryWhenStale(async () => {
      const unended = await this.repository.unendedOf(pile.chargePointId);
      if (unended.length > 0) await this.repository.commit(this.closingOf(unended, 'boot', bootedAtMs, pile));
    });
  }

  /** One round of the sweeper. Resolves to how much it did. */
  async sweep(): Promise<number> {
    return (await this.closeAbandoned()) + (await this.giveUpParked());
  }

  private async closeAbandoned(): Promise<number> {
    const nowMs = this.clock.nowMs();
    const abandoned = await this.repository.abandoned(
      nowMs - AVAILABLE_GRACE_MS,
      nowMs - OFFLINE_MS_MAX,
      SWEEP_ITEMS_MAX,
    );
    for (const file of abandoned) {
      const pile = await this.piles.find(file.session.chargePointId);
      if (pile !== undefined) await this.tryCommit(this.closingOf([file], file.cause, file.causeAtMs, pile));
    }
    return abandoned.length;
  }

  private async giveUpParked(): Promise<number> {
    const nowMs = this.clock.nowMs();
    const parked = await this.repository.parkedBefore(nowMs - PARKED_MS_MAX, SWEEP_ITEMS_MAX);
    for (const message of parked) await this.tryCommit(givenUp(message, nowMs));
    return parked.length;
  }

  private closingOf(files: readonly SessionFile[], cause: InferredCause, causeAtMs: number, pile: ChargePoint): Change {
    const nowMs = this.clock.nowMs();
    const closings = files.map((file) => closeByInference(file, cause, causeAtMs, pile, nowMs));
    return {
      changed: closings.map(({ session }) => session),
      requests: closings.flatMap(({ request }) => request ?? []),
      events: closings.flatMap(({ events }) => events),
    };
  }

  /** Somebody else was quicker: the next round looks again. */
  private async tryCommit(change: Change): Promise<void> {
    await this.repository.commit(change).catch((error: unknown) => {
      if (!(error instanceof StaleChangeError)) throw error;
      this.logger.debug(error.message);
    });
  }
}

/** A Stop without a Start goes to a person; samples are kept without a session. */
function givenUp({ orphanId, chargePointId, operatorId, content, receivedAtMs }: ParkedMessage, atMs: number): Change {
  if (content.action === 'MeterValues') {
    const { samples, connectorId } = content.message;
    const decision: OrphanDecision = { orphanId, state: 'dropped', sessionId: null, holdReason: null, atMs };
    return {
      orphanDecisions: [decision],
      meterValues: meterValuesOf(samples, null, { chargePointId, connectorId }, receivedAtMs),
    };
  }
  const { transactionId, meterStopWh } = content.message;
  return {
    orphanDecisions: [{ orphanId, state: 'held', sessionId: null, holdReason: 'orphan_stop', atMs }],
    events: [
      {
        atMs,
        kind: 'orphaned',
        sessionId: null,
        chargePointId,
        operatorId,
        userOperatorId: null,
        evId: null,
        data: { action: content.action, transactionId, meterStopWh },
      },
    ],
  };
}
