import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { hasReached, isAhead } from './cursor.js';
import { LiveLogSource, type Cursor, type SourceEvent } from './live-log-source.js';

/** Longest wait when every hint was lost. */
export const POLL_INTERVAL_MS_MAX = 1_000;
/** Hints come per commit; one read serves all that arrive in this time. */
export const POLL_INTERVAL_MS_MIN = 50;
/** Per source and read: bounds the memory of one tick and of one catching-up client. */
export const EVENTS_PER_READ_MAX = 500;
export interface CatchUpPage {
  readonly events: readonly SourceEvent[];
  /** There may be more at once. */
  readonly isFull: boolean;
  /** The shared reader's place before this page was read: with the page all of it is passed, dropped rows too. */
  readonly reached: Cursor | undefined;
}
/** Takes each page of new events. */
export type Listener = (events: readonly SourceEvent[]) => void;

/**
 * One reader for all clients: it runs only while somebody listens, wakes by {@link poke} (commit, ledger event) or
 * after {@link POLL_INTERVAL_MS_MAX}, and hands each page to every listener. Clients that resume read their own
 * pages with {@link catchUp} until they have reached the reader's place.
 */
@Injectable()
export class LiveLogService implements OnModuleDestroy {
  private readonly listeners = new Set<Listener>();
  private readonly logger = new Logger('live-log');
  private place: Cursor | undefined;
  private timer: NodeJS.Timeout | undefined;
  private reading = false;
  private poked = false;
  private isEnded = false;

  constructor(private readonly source: LiveLogSource) {}

  /** Something was committed; read soon. Losing a poke costs at most {@link POLL_INTERVAL_MS_MAX}. */
  poke(): void {
    this.poked = true;
    if (this.listeners.size > 0 && !this.reading) this.schedule(POLL_INTERVAL_MS_MIN);
  }

  /** Where a client without a cursor starts: about `count` events back. */
  tail(count: number): Promise<Cursor> {
    return this.source.tail(count);
  }

  /** The next page after `cursor` for one client. */
  async catchUp(cursor: Cursor): Promise<CatchUpPage> {
    const placeBefore = this.place;
    const events = await this.source.read(cursor, EVENTS_PER_READ_MAX);
    const isFull = events.length >= EVENTS_PER_READ_MAX;
    return { events, isFull, reached: isFull ? undefined : placeBefore };
  }

  /**
   * Follows live from `cursor`; answers how to leave, or undefined while the shared reader is ahead of the cursor.
   * Check and entry are one turn of the event loop, so that no event falls between them.
   */
  tryFollow(cursor: Cursor, listener: Listener): (() => void) | undefined {
    if (this.place !== undefined && !hasReached(cursor, this.place)) return undefined;
    this.place ??= cursor;
    this.listeners.add(listener);
    if (!this.reading) this.schedule(POLL_INTERVAL_MS_MIN);
    return () => this.leave(listener);
  }

  get listenerCount(): number {
    return this.listeners.size;
  }

  onModuleDestroy(): void {
    // A page comes back at once when its stream ends: nothing is read for it any more.
    this.isEnded = true;
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  private leave(listener: Listener): void {
    this.listeners.delete(listener);
    if (this.listeners.size > 0) return;
    clearTimeout(this.timer);
    // The next client brings its own place: nothing is read for nobody.
    this.place = undefined;
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    if (this.isEnded) return;
    this.timer = setTimeout(() => void this.tick(), delayMs);
  }

  private async tick(): Promise<void> {
    this.reading = true;
    this.poked = false;
    let full = false;
    try {
      full = await this.readOnce();
    } catch (fault) {
      this.logger.warn({ message: 'live log read failed, will try again', fault: String(fault) });
    }
    this.reading = false;
    if (this.listeners.size === 0) return;
    this.schedule(full || this.poked ? POLL_INTERVAL_MS_MIN : POLL_INTERVAL_MS_MAX);
  }

  /** True when there may be more at once. */
  private async readOnce(): Promise<boolean> {
    const from = this.place;
    if (from === undefined) return false;
    const events = await this.source.read(from, EVENTS_PER_READ_MAX);
    // Everybody may have left, and somebody else come, during the read.
    if (this.place !== from) return true;
    const fresh = events.filter((event) => isAhead(from, event));
    this.place = fresh.reduce(newest, from);
    for (const listener of this.listeners) listener(fresh);
    return events.length >= EVENTS_PER_READ_MAX;
  }
}

function newest(cursor: Cursor, event: SourceEvent): Cursor {
  if (!isAhead(cursor, event)) return cursor;
  return event.source === 'csms' ? { ...cursor, csmsSeq: event.seq } : { ...cursor, settlementSeq: event.seq };
}
