import { Logger } from '@nestjs/common';
import type { Clock } from '../clock.js';
import type { BreakRepository } from './break.repository.js';
import { foundBreaks } from './found-break.js';
import { matchSession } from './match.js';
import { RunTally } from './run-result.js';
import type { Run, RunStore } from './run-store.js';
import type { AsOf, Period, SessionSource } from './session-source.js';

/** Runs that wait for their turn; each may read every session of its period. */
export const RUNS_WAITING_MAX = 20;

/** Runs of the match, one after the other. A run that a crash cut short starts over with the next life. */
export class ReconciliationService {
  private readonly logger = new Logger(ReconciliationService.name);
  private turn: Promise<void> = Promise.resolve();
  private waiting = 0;
  private stopping = false;

  constructor(
    private readonly runs: RunStore,
    private readonly sessions: SessionSource,
    private readonly breaks: BreakRepository,
    private readonly clock: Clock,
    private readonly newId: () => string,
  ) {}

  async start(): Promise<void> {
    for (const run of await this.runs.running()) this.queue(run);
  }

  /** Ends after the page under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.turn;
  }

  get isBusy(): boolean {
    return this.waiting >= RUNS_WAITING_MAX;
  }

  /** Creates the run and returns at once; its result is there when it is done. */
  async create(period: Period, asOf: AsOf, requestedBy: string): Promise<Run> {
    const run = { reconciliationId: this.newId(), ...period, asOf, result: null };
    await this.runs.create(run, requestedBy, this.clock.nowMs());
    this.queue(run);
    return run;
  }

  /** Resolves when every run that was asked for so far is done. */
  async settled(): Promise<void> {
    await this.turn;
  }

  private queue(run: Run): void {
    this.waiting += 1;
    this.turn = this.turn
      .then(() => this.perform(run))
      .catch((error: unknown) => {
        // Stays "running": the next start tries again.
        this.logger.error({ message: 'reconciliation failed', id: run.reconciliationId, error: String(error) });
      })
      .finally(() => (this.waiting -= 1));
  }

  private async perform(run: Run): Promise<void> {
    if (this.stopping) return;
    await this.breaks.clear(run.reconciliationId);
    const tally = new RunTally();
    await this.sessions.ofPeriod(run, run.asOf, async (page) => {
      if (this.stopping) throw new Error('the service stops');
      const found = page.flatMap((session) => {
        const match = matchSession(session, run.asOf.ms);
        tally.add(match);
        return foundBreaks(session, match);
      });
      await this.breaks.save(run.reconciliationId, found, this.clock.nowMs());
    });
    await this.runs.done(run.reconciliationId, tally.result(), this.clock.nowMs());
  }
}
