import { Injectable, Logger } from '@nestjs/common';
import { Clock } from './clock.js';

/** What csms needs of a row of `settlement.driver_standing`. */
export interface Standing {
  readonly evId: string;
  /** R_v below R_min, or frozen by the operator. */
  readonly isBlocked: boolean;
  readonly changeSeq: bigint;
}

/** Reads the standing view of settlement. */
export abstract class StandingSource {
  /** Rows with a higher sequence, in its order, at most `limit`. */
  abstract changedSince(changeSeq: bigint, limit: number): Promise<readonly Standing[]>;
}

/** Rows of one read: a full load of 100,000 accounts takes 20 of them. */
export const STANDING_PAGE = 5_000;

/**
 * The ledger's word on every account, in memory: an unreachable ledger or settlement does not stop charging.
 * Refreshed by change sequence; a poke only makes the next read come sooner.
 */
@Injectable()
export class DriverStanding {
  private readonly blocked = new Set<string>();
  private readonly logger = new Logger(DriverStanding.name);
  private lastSeq = -1n;
  private refreshedAtMs: number | undefined;
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isReachable = true;
  private isEnded = false;

  constructor(
    private readonly source: StandingSource,
    private readonly clock: Clock,
  ) {}

  /** Whether the account is blocked, as far as is known; an account that the ledger has not shown yet is not. */
  isBlocked(evId: string): boolean {
    return this.blocked.has(evId);
  }

  /** Time since the last successful read; Infinity before the first. */
  ageMs(): number {
    return this.refreshedAtMs === undefined ? Infinity : this.clock.nowMs() - this.refreshedAtMs;
  }

  /** Reads what changed; concurrent calls share one read, and one more follows when something came in between. Never rejects. */
  async refresh(): Promise<void> {
    if (this.isEnded) return;
    this.isWanted = true;
    this.running ??= this.run();
    return this.running;
  }

  /** Reads nothing more; resolves when the read under way has ended, and its database may be closed. */
  async end(): Promise<void> {
    this.isEnded = true;
    this.isWanted = false;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isWanted) {
      this.isWanted = false;
      try {
        await this.readAll();
        this.isReachable = true;
      } catch (error) {
        if (this.isReachable)
          this.logger.warn(`driver standing not readable: ${error instanceof Error ? error.message : String(error)}`);
        this.isReachable = false;
      }
    }
    this.running = undefined;
  }

  private async readAll(): Promise<void> {
    for (let more = true; more && !this.isEnded;) {
      const startedAtMs = this.clock.nowMs();
      const rows = await this.source.changedSince(this.lastSeq, STANDING_PAGE);
      for (const row of rows) this.apply(row);
      more = rows.length === STANDING_PAGE;
      if (!more) this.refreshedAtMs = startedAtMs;
    }
  }

  private apply({ evId, isBlocked, changeSeq }: Standing): void {
    if (isBlocked) this.blocked.add(evId);
    else this.blocked.delete(evId);
    if (changeSeq > this.lastSeq) this.lastSeq = changeSeq;
  }
}
