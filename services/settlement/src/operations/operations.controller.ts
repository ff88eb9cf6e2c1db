import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { OPERATION_PATTERN, type Answer } from '@tallywatt/contracts';
import { OperationDispatcher } from './operation-dispatcher.js';

/** csms forwards every operation of `/v1` that settlement owns to this one pattern. */
@Controller()
export class OperationsController {
  constructor(private readonly dispatcher: OperationDispatcher) {}

  @MessagePattern(OPERATION_PATTERN)
  answer(@Payload() message: unknown): Promise<Answer<unknown>> {
    return this.dispatcher.answer(message);
  }
}
