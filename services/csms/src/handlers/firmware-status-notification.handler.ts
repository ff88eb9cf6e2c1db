import { Injectable } from '@nestjs/common';
import { Handles, type CallContext, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { EmptyMessage, FirmwareStatusNotificationRequest } from '../ocpp/requests.js';
import { PileJournal } from './pile-journal.js';

/** How far the pile's firmware update is. */
@Injectable()
@Handles('FirmwareStatusNotification')
export class FirmwareStatusNotificationHandler implements MessageHandler<'FirmwareStatusNotification'> {
  constructor(private readonly journal: PileJournal) {}

  async handle(request: FirmwareStatusNotificationRequest, context: CallContext): Promise<EmptyMessage> {
    await this.journal.firmwareStatus(context.chargePoint.chargePointId, request.status);
    return {};
  }
}
