import { Injectable } from '@nestjs/common';
import { Handles, type CallContext, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { StartTransactionRequest, StartTransactionResponse } from '../ocpp/requests.js';
import { StartSession } from '../sessions/start-session.js';

/** Always answered with a real transactionId; `idTagInfo.status` says no. */
@Injectable()
@Handles('StartTransaction')
export class StartTransactionHandler implements MessageHandler<'StartTransaction'> {
  constructor(private readonly sessions: StartSession) {}

  handle(request: StartTransactionRequest, context: CallContext): Promise<StartTransactionResponse> {
    return this.sessions.start(request, context);
  }
}
