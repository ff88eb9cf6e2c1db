import { Controller } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { LEDGER_MOVED_EVENT, type LedgerMoved } from '@tallywatt/contracts';
import { DriverStanding } from './driver-standing.js';

/** Settlement's hint that accounts moved: a driver who was blocked or has paid is known at once. */
@Controller()
export class StandingController {
  constructor(private readonly standing: DriverStanding) {}

  @EventPattern(LEDGER_MOVED_EVENT)
  moved(_event: LedgerMoved): void {
    void this.standing.refresh();
  }
}
