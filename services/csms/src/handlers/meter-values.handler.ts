import { Injectable } from '@nestjs/common';
import { Handles, type CallContext, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { EmptyMessage, MeterValuesRequest } from '../ocpp/requests.js';
import { RecordMeterValues } from '../sessions/record-meter-values.js';

/** Readings during, before and after sessions: all are kept. */
@Injectable()
@Handles('MeterValues')
export class MeterValuesHandler implements MessageHandler<'MeterValues'> {
  constructor(private readonly sessions: RecordMeterValues) {}

  async handle(request: MeterValuesRequest, context: CallContext): Promise<EmptyMessage> {
    await this.sessions.record(request, context);
    return {};
  }
}
