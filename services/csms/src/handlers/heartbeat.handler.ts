import { Injectable } from '@nestjs/common';
import { Handles, type MessageHandler } from '../ocpp/handles.decorator.js';
import type { HeartbeatResponse } from '../ocpp/requests.js';
import { Clock } from '../sessions/clock.js';

/** Sets the pile's clock; that it was seen is noted with its frames. */
@Injectable()
@Handles('Heartbeat')
export class HeartbeatHandler implements MessageHandler<'Heartbeat'> {
  constructor(private readonly clock: Clock) {}

  handle(): HeartbeatResponse {
    return { currentTime: new Date(this.clock.nowMs()).toISOString() };
  }
}
