import { Global, Injectable, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Authorisation, TagAuthorisation } from './authorisation.js';
import { Clock, SystemClock } from './clock.js';
import { DriverStanding } from './driver-standing.js';
import { InferEndings } from './infer-endings.js';
import { Periodic } from './periodic.js';
import { RecordMeterValues } from './record-meter-values.js';
import { SessionMetrics } from './session-metrics.js';
import { StandingController } from './standing.controller.js';
import { StartSession } from './start-session.js';
import { StopSession } from './stop-session.js';
import { RandomTransactionIds, TransactionIds } from './transaction-id.js';

/** A block is announced by an event; a lost one costs this much. */
export const STANDING_INTERVAL_MS = 1_000;
/** Much shorter than any time that it watches over. */
export const SWEEP_INTERVAL_MS = 5_000;

/** What runs without a message. */
@Injectable()
export class SessionsLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly periodics: readonly Periodic[];

  constructor(
    private readonly standing: DriverStanding,
    endings: InferEndings,
  ) {
    this.periodics = [
      new Periodic('standing', STANDING_INTERVAL_MS, () => standing.refresh()),
      new Periodic('session-sweeper', SWEEP_INTERVAL_MS, () => endings.sweep()),
    ];
  }

  onApplicationBootstrap(): void {
    for (const periodic of this.periodics) periodic.start();
  }

  async onModuleDestroy(): Promise<void> {
    // The ledger moves on while we stop.
    await Promise.all([this.standing.end(), ...this.periodics.map((periodic) => periodic.stop())]);
  }
}

/** Needs global providers of `SessionRepository`, `TagStore`, `StandingSource`, `ChargePointStore` and the authorisation policy. */
@Global()
@Module({
  controllers: [StandingController],
  providers: [
    TagAuthorisation,
    { provide: Authorisation, useExisting: TagAuthorisation },
    { provide: Clock, useClass: SystemClock },
    { provide: TransactionIds, useClass: RandomTransactionIds },
    DriverStanding,
    InferEndings,
    RecordMeterValues,
    StartSession,
    StopSession,
    SessionMetrics,
    SessionsLifecycle,
  ],
  exports: [
    Authorisation,
    TagAuthorisation,
    Clock,
    DriverStanding,
    InferEndings,
    RecordMeterValues,
    StartSession,
    StopSession,
  ],
})
export class SessionsModule {}
