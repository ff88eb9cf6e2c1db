import { Injectable } from '@nestjs/common';
import { Handles, type CallContext, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { EmptyMessage, DiagnosticsStatusNotificationRequest } from '../ocpp/requests.js';
import { PileJournal } from './pile-journal.js';

/** How far the pile's diagnostics upload is. */
@Injectable()
@Handles('DiagnosticsStatusNotification')
export class DiagnosticsStatusNotificationHandler implements MessageHandler<'DiagnosticsStatusNotification'> {
  constructor(private readonly journal: PileJournal) {}

  async handle(request: DiagnosticsStatusNotificationRequest, context: CallContext): Promise<EmptyMessage> {
    await this.journal.diagnosticsStatus(context.chargePoint.chargePointId, request.status);
    return {};
  }
}
