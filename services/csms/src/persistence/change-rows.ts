import type { SettlementRequest } from '../outbox/settlement-request.js';
import type { NewFrame, NewMeterValue, SessionEvent } from '../sessions/change.js';
import type { NewOrphan, OrphanDecision } from '../sessions/orphans.js';
import type { Session } from '../sessions/session.js';

/** Rows as `json_to_recordset` reads them: column names, ISO times, hex digests. */
export type Row = Readonly<Record<string, unknown>>;

export function instant(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
export function instantOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : instant(epochMs);
}
const bytea = (hex: string | null): string | null => (hex === null ? null : `\\x${hex}`);

/** `ref` ties an orphan to the frame of its own change. */
export function frameRow(frame: NewFrame, ref: number): Row {
  return {
    ref,
    at: instant(frame.atMs),
    charge_point_id: frame.chargePointId,
    action: frame.action,
    message_id: frame.messageId,
    raw: Buffer.from(frame.raw, 'utf8').toString('base64'),
    session_id: frame.sessionId,
    is_evidence: frame.isEvidence,
    flags: frame.flags,
  };
}

export function sessionRow(session: Session): Row {
  return {
    session_id: session.sessionId,
    charge_point_id: session.chargePointId,
    connector_id: session.connectorId,
    transaction_id: session.transactionId,
    operator_id: session.operatorId,
    station_id: session.stationId,
    id_tag: session.idTag,
    ev_id: session.evId,
    user_operator_id: session.userOperatorId,
    status: session.status,
    authorization_status: session.authorizationStatus,
    natural_key: bytea(session.naturalKey),
    stop_key: bytea(session.stopKey),
    started_at: instant(session.startedAtMs),
    ended_at: instantOrNull(session.endedAtMs),
    reported_start_at: instantOrNull(session.reportedStartMs),
    reported_stop_at: instantOrNull(session.reportedStopMs),
    start_received_at: instant(session.startReceivedAtMs),
    stop_received_at: instantOrNull(session.stopReceivedAtMs),
    meter_start_wh: session.meterStartWh,
    meter_stop_wh: session.meterStopWh,
    stop_reason: session.stopReason,
    close_kind: session.closeKind,
    hold_reason: session.holdReason,
    hold_until: instantOrNull(session.holdUntilMs),
    revision: session.revision,
    version: session.version,
  };
}

export function eventRow(event: SessionEvent): Row {
  return {
    at: instant(event.atMs),
    session_id: event.sessionId,
    charge_point_id: event.chargePointId,
    operator_id: event.operatorId,
    user_operator_id: event.userOperatorId,
    ev_id: event.evId,
    kind: event.kind,
    data: event.data,
  };
}

export function meterValueRow(value: NewMeterValue): Row {
  return {
    session_id: value.sessionId,
    charge_point_id: value.chargePointId,
    connector_id: value.connectorId,
    at: instant(value.atMs),
    received_at: instant(value.receivedAtMs),
    measurand: value.measurand,
    value: value.value,
    register_wh: value.registerWh,
    unit: value.unit,
    phase: value.phase,
    context: value.context,
    location: value.location,
    format: value.format,
  };
}

export function requestRow(request: SettlementRequest): Row {
  return {
    settlement_id: request.settlementId,
    revision: request.revision,
    operator_id: request.operatorId,
    station_id: request.stationId,
    charge_point_id: request.chargePointId,
    connector_id: request.connectorId,
    transaction_id: request.transactionId,
    ev_id: request.evId,
    user_operator_id: request.userOperatorId,
    meter_start_wh: request.meterStartWh,
    meter_stop_wh: request.meterStopWh,
    readings: request.readings.map(({ atMs, registerWh }) => [atMs, registerWh]),
    started_at: instant(request.startedAtMs),
    ended_at: instant(request.endedAtMs),
    evidence_sha256: request.evidenceSha256,
    stop_reason: request.stopReason,
    close_kind: request.closeKind,
    hold_reason: request.holdReason,
    hold_until: instantOrNull(request.holdUntilMs),
    created_at: instant(request.createdAtMs),
  };
}

export function orphanRow(orphan: NewOrphan, frameRef: number): Row {
  const { content } = orphan;
  const isStop = content.action === 'StopTransaction';
  return {
    frame_ref: frameRef,
    charge_point_id: orphan.chargePointId,
    operator_id: orphan.operatorId,
    action: content.action,
    connector_id: isStop ? null : content.message.connectorId,
    transaction_id: content.message.transactionId,
    id_tag: isStop ? content.message.idTag : null,
    meter_wh: isStop ? content.message.meterStopWh : null,
    occurred_at: instant(isStop ? content.message.time.tariffMs : content.message.atMs),
    received_at: instant(orphan.receivedAtMs),
    content_key: bytea(isStop ? content.message.stopKey : content.message.contentKey),
    data: content.message,
    state: orphan.state,
    hold_reason: orphan.state === 'held' ? 'orphan_stop' : null,
  };
}

export function orphanDecisionRow(decision: OrphanDecision): Row {
  return {
    orphan_id: decision.orphanId,
    state: decision.state,
    session_id: decision.sessionId,
    hold_reason: decision.holdReason,
    updated_at: instant(decision.atMs),
  };
}
