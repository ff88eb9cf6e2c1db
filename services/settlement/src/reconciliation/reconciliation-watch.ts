import { Logger } from '@nestjs/common';
import type { Clock } from '../clock.js';
import type { LedgerStatusQueries } from '../operations/ledger-status-queries.js';
import type { BreakRepository } from './break.repository.js';
import { foundBreaks } from './found-break.js';
import { LATE_AFTER_MS, matchSession } from './match.js';
import type { RunStore } from './run-store.js';
import type { AsOf, SessionSource } from './session-source.js';

/** finance.md section 2: every bill matched at most 60 s after its block. */
export const WATCH_EVERY_MS = 30_000;
const PAGE_SIZE = 500;
/** Overdue ones per round, oldest first: when there are more, something is wrong that everybody sees. */
const OVERDUE_PER_ROUND = 500;

/** The continuous run: the bills of new blocks, and what should have its bill by now. */
export class ReconciliationWatch {
  private readonly logger = new Logger(ReconciliationWatch.name);
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private busy = false;

  constructor(
    private readonly runs: RunStore,
    private readonly sessions: SessionSource,
    private readonly breaks: BreakRepository,
    private readonly projection: LedgerStatusQueries,
    private readonly clock: Clock,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => this.tick(), WATCH_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    await this.round;
  }

  /** One round. @returns how many breaks it found that nobody knew. */
  async look(): Promise<number> {
    const { projectedBlock } = await this.projection.status();
    const asOf = { block: projectedBlock, ms: this.clock.nowMs() };
    let fresh = 0;
    let after = { block: (await this.runs.mark()) - 1, billId: '\uffff' };
    for (;;) {
      const { sessionIds, last } = await this.sessions.billed(after, projectedBlock, PAGE_SIZE);
      if (last === undefined) break;
      fresh += await this.match(sessionIds, asOf);
      after = last;
    }
    await this.runs.moveMark(projectedBlock + 1, asOf.ms);
    const overdue = await this.sessions.overdue(asOf.ms - LATE_AFTER_MS, OVERDUE_PER_ROUND);
    return fresh + (await this.match(overdue, asOf));
  }

  private async match(sessionIds: readonly string[], asOf: AsOf): Promise<number> {
    const sessions = await this.sessions.byIds(sessionIds, asOf);
    const found = sessions.flatMap((session) => foundBreaks(session, matchSession(session, asOf.ms)));
    const fresh = await this.breaks.save(null, found, asOf.ms);
    if (fresh > 0)
      this.logger.warn({ message: 'breaks found', fresh, types: [...new Set(found.map(({ type }) => type))] });
    return fresh;
  }

  private tick(): void {
    if (this.busy) return;
    this.busy = true;
    this.round = this.look()
      .catch((error: unknown) => this.logger.warn({ message: 'continuous match not done', error: String(error) }))
      .then(() => undefined)
      .finally(() => (this.busy = false));
  }
}
