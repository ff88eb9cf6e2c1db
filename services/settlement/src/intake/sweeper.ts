import { Logger } from '@nestjs/common';
import { ClaimService } from './claim.service.js';

/** reliability.md K3: what has no job is found within this time. */
export const SWEEP_EVERY_MS = 2_000;
/** Facts per statement: bounded memory, and the mark moves often. */
export const SWEEP_PAGE = 500;

/** Finds what no job told of: the queue is only a wake-up call, losing all of it loses nothing. */
export class Sweeper {
  private readonly logger = new Logger(Sweeper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<undefined> | undefined;
  private stopped = false;
  /** What the last sweep failed with: the same fault every two seconds is one line. */
  private fault: string | undefined;

  constructor(private readonly claims: ClaimService) {}

  start(): void {
    this.timer ??= setInterval(() => this.run(), SWEEP_EVERY_MS);
    this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** One whole sweep: everything that is visible now. @throws what the database says. */
  async sweep(): Promise<void> {
    while (!this.stopped && (await this.claims.claimNext(SWEEP_PAGE)) === SWEEP_PAGE);
    while (!this.stopped && (await this.claims.endHolds(SWEEP_PAGE)) === SWEEP_PAGE);
  }

  private run(): void {
    this.sweeping ??= this.sweep()
      .then(() => (this.fault = undefined))
      .catch((error: unknown) => this.report(String(error)))
      .then(() => (this.sweeping = undefined));
  }

  private report(fault: string): void {
    if (fault !== this.fault) this.logger.warn({ message: 'sweep not finished', error: fault });
    this.fault = fault;
  }
}
