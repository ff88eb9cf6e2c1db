import { Injectable } from '@nestjs/common';
import { Handles, type CallContext, type MessageHandler } from '../ocpp/handles.decorator.js';
import { OcppError } from '../ocpp/ocpp-error.js';
import type { EmptyMessage, StatusNotificationRequest } from '../ocpp/requests.js';
import { readPileTime } from '../sessions/pile-time.js';
import { PileJournal } from './pile-journal.js';

/** OCPP 1.6: connectorId ≥ 0; beyond 31 bits no pile counts, nor does the column. */
export const CONNECTOR_ID_MAX = 0x7fff_ffff;

/** The state of a connector. `Available` over a running session makes the sweeper look, after a grace time. */
@Injectable()
@Handles('StatusNotification')
export class StatusNotificationHandler implements MessageHandler<'StatusNotification'> {
  constructor(private readonly journal: PileJournal) {}

  async handle(request: StatusNotificationRequest, context: CallContext): Promise<EmptyMessage> {
    const { chargePoint, receivedAtMs } = context;
    if (request.connectorId < 0 || request.connectorId > CONNECTOR_ID_MAX)
      throw new OcppError('PropertyConstraintViolation');
    const statusAtMs = readPileTime(request.timestamp, chargePoint.clock, receivedAtMs).tariffMs;
    await this.journal.status({ chargePointId: chargePoint.chargePointId, request, statusAtMs, receivedAtMs });
    return {};
  }
}
