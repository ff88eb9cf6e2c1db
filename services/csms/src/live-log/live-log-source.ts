import type { LiveLogEntry } from '@tallywatt/contracts';
import type { Scoped } from '../api/auth/scope.js';

/** Position in both sources: the change sequence of csms and that of settlement. */
export interface Cursor {
  readonly csmsSeq: bigint;
  readonly settlementSeq: bigint;
}

/** An event with its place and its parties; the parties decide who sees it and are not all shown. */
export interface SourceEvent extends Scoped {
  readonly source: 'csms' | 'settlement';
  readonly seq: bigint;
  readonly entry: Omit<LiveLogEntry, 'id'>;
}

/** Reads both sources in their order of visibility. */
export abstract class LiveLogSource {
  /** Events after the cursor, oldest first within each source, at most `limit` of each, merged by time. */
  abstract read(after: Cursor, limit: number): Promise<readonly SourceEvent[]>;
  /** The position after which about `count` events of each source lie: where a fresh page starts. */
  abstract tail(count: number): Promise<Cursor>;
}
