import { parseTimestamp } from '../ocpp/timestamp.js';
import type { ChargePoint } from '../piles/charge-point.js';

/** ocpp.md: a live pile's time before 2020 is a clock that was never set. */
export const EARLIEST_TIME_MS = Date.UTC(2020, 0, 1);
/** ocpp.md: further ahead than this is a wrong clock, whatever the pile. */
export const AHEAD_MS_MAX = 10 * 60_000;

/** A time as a pile said it, and the one that tariffs use. */
export interface PileTime {
  /** Part of natural keys: the instant when readable, else the text as sent. */
  readonly key: string;
  /** The pile's own time; null when unreadable. */
  readonly reportedMs: number | null;
  /** The pile's own time when credible, else the time of arrival. */
  readonly tariffMs: number;
}

/** Reads any JSON value as a time of this pile. */
export function readPileTime(value: unknown, clock: ChargePoint['clock'], receivedAtMs: number): PileTime {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const reportedMs = parseTimestamp(text)?.epochMs ?? null;
  if (reportedMs === null) return { key: text, reportedMs, tariffMs: receivedAtMs };
  const isCredible =
    reportedMs <= receivedAtMs + AHEAD_MS_MAX && (clock === 'recorded' || reportedMs >= EARLIEST_TIME_MS);
  return { key: new Date(reportedMs).toISOString(), reportedMs, tariffMs: isCredible ? reportedMs : receivedAtMs };
}
