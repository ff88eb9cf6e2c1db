import type { CloseKind, HoldReason, SessionStatus } from '@tallywatt/contracts';
import type { AuthorizationStatus } from '../ocpp/requests.js';

/** One charging session. Immutable: each use case makes the next version of it. Times in epoch ms, registers in Wh. */
export interface Session {
  /** Also the settlement id and the bill id. */
  readonly sessionId: string;
  readonly chargePointId: string;
  readonly connectorId: number;
  /** Random positive int31, unique over the whole system. */
  readonly transactionId: number;
  readonly operatorId: string;
  readonly stationId: string;
  readonly idTag: string;
  /** null when the tag is unknown: such a session is never billed. */
  readonly evId: string | null;
  readonly userOperatorId: string | null;
  readonly status: SessionStatus;
  readonly authorizationStatus: AuthorizationStatus;
  /** SHA-256 (hex): a retry of the same StartTransaction has the same. */
  readonly naturalKey: string;
  /** SHA-256 (hex) over the StopTransaction that closed the session. */
  readonly stopKey: string | null;
  /** For tariffs: the pile's time when credible, else the time of arrival. */
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** The pile's own times; null when unreadable. */
  readonly reportedStartMs: number | null;
  readonly reportedStopMs: number | null;
  readonly startReceivedAtMs: number;
  readonly stopReceivedAtMs: number | null;
  /** null when the pile sent nothing that fits a register. */
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly stopReason: string | null;
  readonly closeKind: CloseKind | null;
  readonly holdReason: HoldReason | null;
  readonly holdUntilMs: number | null;
  /** Revision of the newest settlement request; 0 = none. */
  readonly revision: number;
  /** Grows with each stored change; guards against a stale copy. */
  readonly version: number;
}

/** One value of the total imported energy register. */
export interface Reading {
  readonly atMs: number;
  readonly registerWh: number;
}

/** Whether a StopTransaction still changes the session: it runs, or its end was only concluded. */
export function awaitsStop(session: Session): boolean {
  return session.closeKind !== 'stopped';
}

/** How a session ends, before anything is stored. */
export interface Ending {
  readonly closeKind: CloseKind;
  readonly endedAtMs: number;
  readonly meterStopWh: number | null;
  readonly stopReason: string | null;
  readonly holdReason: HoldReason | null;
  readonly holdUntilMs: number | null;
  readonly stopKey: string | null;
  readonly reportedStopMs: number | null;
  readonly stopReceivedAtMs: number | null;
}

/**
 * The next version of the session. A session of an unknown tag stays refused, and so does one that was refused and took
 * no energy; energy that was delivered to a known account is billed however the start was answered.
 * @throws Error when the session was already stopped: a real Stop is final.
 */
export function endSession(session: Session, ending: Ending): Session {
  if (!awaitsStop(session)) throw new Error(`session ${session.sessionId} was already stopped`);
  const billable = isBillable(session, ending);
  return {
    ...session,
    ...ending,
    status: billable ? 'closed' : 'refused',
    holdReason: billable ? ending.holdReason : null,
    holdUntilMs: billable ? ending.holdUntilMs : null,
    revision: billable ? session.revision + 1 : session.revision,
    version: session.version + 1,
  };
}

function isBillable(session: Session, ending: Ending): boolean {
  if (session.evId === null || session.userOperatorId === null) return false;
  if (session.status !== 'refused') return true;
  if (ending.holdReason === 'unknown_energy') return false;
  return ending.meterStopWh === null || ending.meterStopWh !== session.meterStartWh;
}
