import { READINGS_PER_REQUEST_MAX, type CloseKind, type HoldReason } from '@tallywatt/contracts';
import type { Reading, Session } from '../sessions/session.js';
import { evidenceOf } from '../sessions/identity.js';

/** The facts that a bill needs: one immutable row of csms.settlement_request, which is the outbox. */
export interface SettlementRequest {
  readonly settlementId: string;
  readonly revision: number;
  readonly operatorId: string;
  readonly stationId: string;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number;
  readonly evId: string;
  readonly userOperatorId: string;
  readonly meterStartWh: number;
  readonly meterStopWh: number | null;
  /** In time order, within the session, never above its registers. */
  readonly readings: readonly Reading[];
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly evidenceSha256: string;
  readonly stopReason: string | null;
  readonly closeKind: CloseKind;
  readonly holdReason: HoldReason | null;
  readonly holdUntilMs: number | null;
  readonly createdAtMs: number;
}

/**
 * The request of a session that just ended, or undefined when there is nobody to bill (refused).
 * `frameDigests`: SHA-256 of each evidence frame, in order of arrival.
 */
export function settlementRequestOf(
  session: Session,
  readings: readonly Reading[],
  frameDigests: readonly Buffer[],
  nowMs: number,
): SettlementRequest | undefined {
  const { evId, userOperatorId, endedAtMs, closeKind } = session;
  if (
    session.status !== 'closed' ||
    evId === null ||
    userOperatorId === null ||
    endedAtMs === null ||
    closeKind === null
  )
    return undefined;
  return {
    settlementId: session.sessionId,
    revision: session.revision,
    operatorId: session.operatorId,
    stationId: session.stationId,
    chargePointId: session.chargePointId,
    connectorId: session.connectorId,
    transactionId: session.transactionId,
    evId,
    userOperatorId,
    meterStartWh: session.meterStartWh ?? 0,
    meterStopWh: session.meterStopWh,
    readings: thin(within(readings, session), READINGS_PER_REQUEST_MAX),
    startedAtMs: session.startedAtMs,
    endedAtMs,
    evidenceSha256: evidenceOf(frameDigests),
    stopReason: session.stopReason,
    closeKind,
    holdReason: session.holdReason,
    holdUntilMs: session.holdUntilMs,
    createdAtMs: nowMs,
  };
}

/** Readings in the session's time; a rounding difference to the registers is taken off. */
function within(readings: readonly Reading[], session: Session): readonly Reading[] {
  const { startedAtMs, endedAtMs, meterStartWh, meterStopWh } = session;
  const inTime = readings.filter(({ atMs }) => atMs >= startedAtMs && (endedAtMs === null || atMs <= endedAtMs));
  // A session that is held for its registers shows its readings as they are.
  if (meterStartWh === null || meterStopWh === null || session.holdReason !== null) return inTime;
  return inTime.map(({ atMs, registerWh }) => ({
    atMs,
    registerWh: Math.min(Math.max(registerWh, meterStartWh), meterStopWh),
  }));
}

/** At most `max` items, evenly spread, first and last kept. */
export function thin<T>(items: readonly T[], max: number): readonly T[] {
  if (items.length <= max) return items;
  return Array.from({ length: max }, (_, index) => items[Math.floor((index * (items.length - 1)) / (max - 1))]).filter(
    (item) => item !== undefined,
  );
}
