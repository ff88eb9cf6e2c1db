import type { SettlementRequest } from '../outbox/settlement-request.js';
import type { NewOrphan, OrphanDecision } from './orphans.js';
import type { Sample } from './samples.js';
import type { Session } from './session.js';

/** A transaction message as received. */
export interface NewFrame {
  readonly atMs: number;
  readonly chargePointId: string;
  readonly action: string;
  readonly messageId: string;
  readonly raw: string;
  readonly sessionId: string | null;
  readonly isEvidence: boolean;
  readonly flags: readonly string[];
}

export const SESSION_EVENT_KINDS = [
  'started',
  'refused',
  'meter',
  'stopped',
  'inferred',
  'held',
  'revised',
  'repeated',
  'stop_differs',
  'parked',
  'matched',
  'orphaned',
] as const;

/** For the live log and the audit of a session. */
export interface SessionEvent {
  readonly atMs: number;
  readonly kind: (typeof SESSION_EVENT_KINDS)[number];
  readonly sessionId: string | null;
  readonly chargePointId: string;
  readonly operatorId: string;
  readonly userOperatorId: string | null;
  readonly evId: string | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}

export interface NewMeterValue extends Sample {
  readonly sessionId: string | null;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly receivedAtMs: number;
}

/** Everything that one message changes: pure data, stored in one commit or not at all. */
export interface Change {
  readonly frame?: NewFrame;
  readonly opened?: readonly Session[];
  /** Next versions: stored only over the version before. */
  readonly changed?: readonly Session[];
  readonly events?: readonly SessionEvent[];
  readonly meterValues?: readonly NewMeterValue[];
  readonly requests?: readonly SettlementRequest[];
  /** Belongs to `frame`. */
  readonly orphan?: NewOrphan;
  /** Stored only while the message is still parked. */
  readonly orphanDecisions?: readonly OrphanDecision[];
}

export function sessionEvent(
  session: Session,
  kind: SessionEvent['kind'],
  atMs: number,
  data: SessionEvent['data'] = {},
): SessionEvent {
  const { sessionId, chargePointId, operatorId, userOperatorId, evId, transactionId, connectorId } = session;
  return {
    atMs,
    kind,
    sessionId,
    chargePointId,
    operatorId,
    userOperatorId,
    evId,
    data: { transactionId, connectorId, ...data },
  };
}
