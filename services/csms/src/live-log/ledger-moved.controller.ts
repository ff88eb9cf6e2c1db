import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { LEDGER_MOVED_EVENT, type LedgerMoved } from '@tallywatt/contracts';
import { LiveLogService } from './live-log.service.js';

/** Settlement's hint that its views moved: the live log reads at once instead of at its next turn. */
@Controller()
export class LedgerMovedController {
  constructor(private readonly log: LiveLogService) {}

  @EventPattern(LEDGER_MOVED_EVENT)
  moved(_event: LedgerMoved): void {
    this.log.poke();
  }
}
