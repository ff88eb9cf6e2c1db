import { isVisible, type Scope } from '../api/auth/scope.js';
import { advance, formatCursor, isAhead, later } from './cursor.js';
import type { Cursor, SourceEvent } from './live-log-source.js';

/** reliability.md section 8: a slow reader is dropped instead of buffered without bound. */
export const SSE_BUFFERED_BYTES_MAX = 1_048_576;

export interface LiveLogFilter {
  readonly chargePointId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly kind?: SourceEvent['entry']['kind'] | undefined;
  readonly operatorId?: string | undefined;
}

/** What the client needs of an HTTP response. */
export interface SseStream {
  write(chunk: string): boolean;
  destroy(): void;
  readonly writableLength: number;
}

/** One reader of `GET /v1/events`: scope and filter per event, own cursor, bounded buffer. */
export class SseClient {
  constructor(
    private readonly stream: SseStream,
    private readonly scope: Scope,
    private readonly filter: LiveLogFilter,
    private position: Cursor,
  ) {}

  get cursor(): Cursor {
    return this.position;
  }

  /** Events at or before the cursor were delivered already and are skipped; invisible ones only move the cursor. */
  deliver(events: readonly SourceEvent[]): void {
    for (const event of events) {
      if (!isAhead(this.position, event)) continue;
      this.position = advance(this.position, event);
      if (!isVisible(this.scope, event) || !matches(this.filter, event)) continue;
      this.stream.write(this.format(event));
      if (this.stream.writableLength > SSE_BUFFERED_BYTES_MAX) return this.stream.destroy();
    }
  }

  /** Nothing up to here is left to deliver. */
  skipTo(cursor: Cursor): void {
    this.position = later(this.position, cursor);
  }

  /** A comment line keeps proxies from closing a quiet stream and tells the page that the line is alive. */
  beat(): void {
    this.stream.write(': beat\n\n');
  }

  /** JSON escapes CR and LF within strings, ids are digits and the kind is a closed set: nothing can end a line. */
  private format(event: SourceEvent): string {
    const id = formatCursor(this.position);
    return `id: ${id}\nevent: ${event.entry.kind}\ndata: ${JSON.stringify({ id, ...event.entry })}\n\n`;
  }
}

function matches(filter: LiveLogFilter, { entry, operatorId }: SourceEvent): boolean {
  return (
    (filter.chargePointId === undefined || entry.chargePointId === filter.chargePointId) &&
    (filter.sessionId === undefined || entry.sessionId === filter.sessionId) &&
    (filter.kind === undefined || entry.kind === filter.kind) &&
    (filter.operatorId === undefined || operatorId === filter.operatorId)
  );
}
