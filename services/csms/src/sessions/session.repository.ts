import type { Change } from './change.js';
import type { ParkedMessage } from './orphans.js';
import type { Sample } from './samples.js';
import type { Reading, Session } from './session.js';

/** The account behind an id tag. */
export interface TagRecord {
  readonly evId: string;
  readonly operatorId: string;
  readonly expiresAtMs: number | null;
  /** Open sessions that the account may have at once. */
  readonly maxConcurrentSessions: number;
}

export abstract class TagStore {
  /** Without regard to case (CiString). */
  abstract findTag(idTag: string): Promise<TagRecord | undefined>;
}

/** A session with what its end will be judged by. */
export interface SessionFile {
  readonly session: Session;
  /** In time order, one per instant. */
  readonly readings: readonly Reading[];
  /** SHA-256 of each evidence frame, in order of arrival. */
  readonly frameDigests: readonly Buffer[];
  /** Another stopped, not refused session of the connector shares time with [startedAt, the asked end). */
  readonly overlaps: boolean;
}

export interface StartQuery {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly naturalKey: string;
  readonly evId: string | null;
}
export interface StartKnowledge {
  /** The session of the same StartTransaction, if it is a retry. */
  readonly existing: Session | undefined;
  /** Accepted sessions of the account that are open anywhere. */
  readonly openSessionsOfAccount: number;
  /** Sessions of the connector without an end. */
  readonly unended: readonly SessionFile[];
  /** Messages of the pile that wait for their Start, oldest first. */
  readonly parked: readonly ParkedMessage[];
}

export interface StopQuery {
  readonly chargePointId: string;
  readonly transactionId: number | null;
  readonly stopKey: string;
  /** The end that the Stop claims, for overlaps. */
  readonly endedAtMs: number;
  /** Sessions that only our conclusion has ended are candidates when they started after this. */
  readonly candidatesSinceMs: number;
}
export interface StopKnowledge {
  /** The pile's own session with that transaction id. */
  readonly own: SessionFile | undefined;
  /** The id is another pile's. */
  readonly isForeign: boolean;
  /** Closed or recorded before by this very Stop. */
  readonly repeatOf: Session | undefined;
  readonly isParkedAlready: boolean;
  /** Sessions of the pile that await a Stop; only looked up when the id is not the pile's own. */
  readonly candidates: readonly SessionFile[];
}

export interface MeterQuery {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number | null;
  readonly contentKey: string;
  /** The first sample, to recognise a resend. */
  readonly probe: Sample | undefined;
}
export interface MeterKnowledge {
  /** The pile's own session with that transaction id. */
  readonly own: Session | undefined;
  /** The connector's session without an end. */
  readonly running: Session | undefined;
  /** The probe is stored already for the session, or the message is parked. */
  readonly isRepeat: boolean;
}

export interface OverlapQuery {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly sessionId: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** Sessions, and everything that is stored with them in one commit. All methods throw StoreUnavailableError in an outage. */
export abstract class SessionRepository {
  abstract forStart(query: StartQuery): Promise<StartKnowledge>;
  abstract forStop(query: StopQuery): Promise<StopKnowledge>;
  /** Stopped, not refused sessions that share time with half-open [startedAt, endedAt). */
  abstract overlaps(query: OverlapQuery): Promise<boolean>;
  abstract forMeter(query: MeterQuery): Promise<MeterKnowledge>;
  /** Sessions of the pile without an end. */
  abstract unendedOf(chargePointId: string): Promise<readonly SessionFile[]>;
  /** Sessions whose connector has been Available since before `statusBeforeMs`, or whose pile is unseen since `seenBeforeMs`. */
  abstract abandoned(statusBeforeMs: number, seenBeforeMs: number, limit: number): Promise<readonly AbandonedSession[]>;
  /** Parked messages that arrived before, oldest first. */
  abstract parkedBefore(receivedBeforeMs: number, limit: number): Promise<readonly ParkedMessage[]>;
  /**
   * Stores the whole change or nothing; resolves after the commit.
   * @throws StaleChangeError when the sessions have moved since they were read: read again and decide anew
   */
  abstract commit(change: Change): Promise<void>;
}

export interface AbandonedSession extends SessionFile {
  readonly cause: 'available' | 'offline';
  readonly causeAtMs: number;
}

/** Somebody else changed a session, or took an id, since it was read. */
export class StaleChangeError extends Error {}
