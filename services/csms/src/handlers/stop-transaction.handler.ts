import { Injectable } from '@nestjs/common';
import { reach } from '../failpoint.js';
import { Handles, type CallContext, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { StopTransactionRequest, StopTransactionResponse } from '../ocpp/requests.js';
import { StopSession } from '../sessions/stop-session.js';

/** Answered as valid whatever it says, after the session and its settlement request are stored. */
@Injectable()
@Handles('StopTransaction')
export class StopTransactionHandler implements MessageHandler<'StopTransaction'> {
  constructor(private readonly sessions: StopSession) {}

  async handle(request: StopTransactionRequest, context: CallContext): Promise<StopTransactionResponse> {
    reach('frameReceived');
    const answer = await this.sessions.stop(request, context);
    reach('stopCommitted');
    return answer;
  }
}
