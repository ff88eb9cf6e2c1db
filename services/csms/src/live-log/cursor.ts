import type { Cursor, SourceEvent } from './live-log-source.js';

/** Sequences are bigint columns: at most 19 digits. */
const CURSOR_PATTERN = /^c([0-9]{1,18})-s([0-9]{1,18})$/;

/** `c<csms sequence>-s<settlement sequence>`, the SSE id. */
export function formatCursor(cursor: Cursor): string {
  return `c${cursor.csmsSeq}-s${cursor.settlementSeq}`;
}

/** undefined for anything that is not a cursor of ours. */
export function parseCursor(text: string): Cursor | undefined {
  const match = CURSOR_PATTERN.exec(text);
  const [, csms, settlement] = match ?? [];
  if (csms === undefined || settlement === undefined) return undefined;
  return { csmsSeq: BigInt(csms), settlementSeq: BigInt(settlement) };
}

/** Whether the event lies behind the cursor, i.e. was not passed yet. */
export function isAhead(cursor: Cursor, event: SourceEvent): boolean {
  return event.seq > (event.source === 'csms' ? cursor.csmsSeq : cursor.settlementSeq);
}

export function advance(cursor: Cursor, event: SourceEvent): Cursor {
  return event.source === 'csms' ? { ...cursor, csmsSeq: event.seq } : { ...cursor, settlementSeq: event.seq };
}

/** Whether `cursor` has passed everything that `other` has. */
export function hasReached(cursor: Cursor, other: Cursor): boolean {
  return cursor.csmsSeq >= other.csmsSeq && cursor.settlementSeq >= other.settlementSeq;
}

/** The farther of two places, source by source. */
export function later(one: Cursor, other: Cursor): Cursor {
  return {
    csmsSeq: one.csmsSeq > other.csmsSeq ? one.csmsSeq : other.csmsSeq,
    settlementSeq: one.settlementSeq > other.settlementSeq ? one.settlementSeq : other.settlementSeq,
  };
}
