import { Injectable } from '@nestjs/common';
import { Handles, type CallContext, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { BootNotificationRequest, BootNotificationResponse } from '../ocpp/requests.js';
import { Clock } from '../sessions/clock.js';
import { InferEndings } from '../sessions/infer-endings.js';
import { PileJournal } from './pile-journal.js';

/** Often enough to set a drifting clock, rare enough to cost nothing: 10,000 piles are 33 heartbeats a second. */
export const HEARTBEAT_INTERVAL_S = 300;

/** A pile came up: who it is, what time it is, and that nothing runs on it any more. */
@Injectable()
@Handles('BootNotification')
export class BootNotificationHandler implements MessageHandler<'BootNotification'> {
  constructor(
    private readonly journal: PileJournal,
    private readonly endings: InferEndings,
    private readonly clock: Clock,
  ) {}

  async handle(request: BootNotificationRequest, context: CallContext): Promise<BootNotificationResponse> {
    await this.journal.boot(context.chargePoint.chargePointId, request, context.receivedAtMs);
    await this.endings.afterBoot(context.chargePoint, context.receivedAtMs);
    return {
      status: 'Accepted',
      currentTime: new Date(this.clock.nowMs()).toISOString(),
      interval: HEARTBEAT_INTERVAL_S,
    };
  }
}
