import type { SettlementRequest } from '../outbox/settlement-request.js';
import type { NewFrame, NewMeterValue, SessionEvent } from '../sessions/change.js';
import type { NewOrphan, OrphanDecision } from '../sessions/orphans.js';
import type { Session } from '../sessions/session.js';
import { bool, hex, instant, int4, int8, json, RecordSet, text, utf8, uuid, type Column } from './record-set.js';

/** `ref` ties an orphan to the frame of its own change. */
export interface FrameRow {
  readonly ref: number;
  readonly frame: NewFrame;
}
export interface OrphanRow {
  readonly frameRef: number;
  readonly orphan: NewOrphan;
}

export const FRAMES = new RecordSet<FrameRow>([
  int4('ref', ({ ref }) => ref),
  instant('at', ({ frame }) => frame.atMs),
  text('charge_point_id', ({ frame }) => frame.chargePointId),
  text('action', ({ frame }) => frame.action),
  text('message_id', ({ frame }) => frame.messageId),
  utf8('raw', ({ frame }) => frame.raw),
  uuid('session_id', ({ frame }) => frame.sessionId),
  bool('is_evidence', ({ frame }) => frame.isEvidence),
  // An array in an array would have to be as long for every row: names of flags need no quotes.
  text('flags', ({ frame }) => `{${frame.flags.join(',')}}`),
]);

/** What the end of a session changes. */
const SESSION_END: readonly Column<Session>[] = [
  text('status', (session) => session.status),
  hex('stop_key', (session) => session.stopKey),
  instant('ended_at', (session) => session.endedAtMs),
  instant('reported_stop_at', (session) => session.reportedStopMs),
  instant('stop_received_at', (session) => session.stopReceivedAtMs),
  int8('meter_stop_wh', (session) => session.meterStopWh),
  text('stop_reason', (session) => session.stopReason),
  text('close_kind', (session) => session.closeKind),
  text('hold_reason', (session) => session.holdReason),
  instant('hold_until', (session) => session.holdUntilMs),
  int4('revision', (session) => session.revision),
  int4('version', (session) => session.version),
];
const SESSION_ID: Column<Session> = uuid('session_id', (session) => session.sessionId);

export const SESSION_ENDS = new RecordSet<Session>([SESSION_ID, ...SESSION_END]);
export const SESSION_END_NAMES: readonly string[] = SESSION_END.map(({ name }) => name);

export const SESSIONS = new RecordSet<Session>([
  SESSION_ID,
  text('charge_point_id', (session) => session.chargePointId),
  int4('connector_id', (session) => session.connectorId),
  int4('transaction_id', (session) => session.transactionId),
  text('operator_id', (session) => session.operatorId),
  text('station_id', (session) => session.stationId),
  text('id_tag', (session) => session.idTag),
  text('ev_id', (session) => session.evId),
  text('user_operator_id', (session) => session.userOperatorId),
  text('authorization_status', (session) => session.authorizationStatus),
  hex('natural_key', (session) => session.naturalKey),
  instant('started_at', (session) => session.startedAtMs),
  instant('reported_start_at', (session) => session.reportedStartMs),
  instant('start_received_at', (session) => session.startReceivedAtMs),
  int8('meter_start_wh', (session) => session.meterStartWh),
  ...SESSION_END,
]);

export const EVENTS = new RecordSet<SessionEvent>([
  instant('at', (event) => event.atMs),
  uuid('session_id', (event) => event.sessionId),
  text('charge_point_id', (event) => event.chargePointId),
  text('operator_id', (event) => event.operatorId),
  text('user_operator_id', (event) => event.userOperatorId),
  text('ev_id', (event) => event.evId),
  text('kind', (event) => event.kind),
  json('data', (event) => event.data),
]);

export const METER_VALUES = new RecordSet<NewMeterValue>([
  uuid('session_id', (value) => value.sessionId),
  text('charge_point_id', (value) => value.chargePointId),
  int4('connector_id', (value) => value.connectorId),
  instant('at', (value) => value.atMs),
  instant('received_at', (value) => value.receivedAtMs),
  text('measurand', (value) => value.measurand),
  text('value', (value) => value.value),
  int8('register_wh', (value) => value.registerWh),
  text('unit', (value) => value.unit),
  text('phase', (value) => value.phase),
  text('context', (value) => value.context),
  text('location', (value) => value.location),
  text('format', (value) => value.format),
]);

export const REQUESTS = new RecordSet<SettlementRequest>([
  text('settlement_id', (request) => request.settlementId),
  int4('revision', (request) => request.revision),
  text('operator_id', (request) => request.operatorId),
  text('station_id', (request) => request.stationId),
  text('charge_point_id', (request) => request.chargePointId),
  int4('connector_id', (request) => request.connectorId),
  int4('transaction_id', (request) => request.transactionId),
  text('ev_id', (request) => request.evId),
  text('user_operator_id', (request) => request.userOperatorId),
  int8('meter_start_wh', (request) => request.meterStartWh),
  int8('meter_stop_wh', (request) => request.meterStopWh),
  json('readings', (request) => request.readings.map(({ atMs, registerWh }) => [atMs, registerWh])),
  instant('started_at', (request) => request.startedAtMs),
  instant('ended_at', (request) => request.endedAtMs),
  text('evidence_sha256', (request) => request.evidenceSha256),
  text('stop_reason', (request) => request.stopReason),
  text('close_kind', (request) => request.closeKind),
  text('hold_reason', (request) => request.holdReason),
  instant('hold_until', (request) => request.holdUntilMs),
  instant('created_at', (request) => request.createdAtMs),
]);

/** Only a Stop says who charged, and up to where; only MeterValues name a connector. */
export const ORPHANS = new RecordSet<OrphanRow>([
  int4('frame_ref', ({ frameRef }) => frameRef),
  text('charge_point_id', ({ orphan }) => orphan.chargePointId),
  text('operator_id', ({ orphan }) => orphan.operatorId),
  text('action', ({ orphan: { content } }) => content.action),
  int4('connector_id', ({ orphan: { content } }) =>
    content.action === 'StopTransaction' ? null : content.message.connectorId,
  ),
  int8('transaction_id', ({ orphan: { content } }) => content.message.transactionId),
  text('id_tag', ({ orphan: { content } }) => (content.action === 'StopTransaction' ? content.message.idTag : null)),
  int8('meter_wh', ({ orphan: { content } }) =>
    content.action === 'StopTransaction' ? content.message.meterStopWh : null,
  ),
  instant('occurred_at', ({ orphan: { content } }) =>
    content.action === 'StopTransaction' ? content.message.time.tariffMs : content.message.atMs,
  ),
  instant('received_at', ({ orphan }) => orphan.receivedAtMs),
  hex('content_key', ({ orphan: { content } }) =>
    content.action === 'StopTransaction' ? content.message.stopKey : content.message.contentKey,
  ),
  json('data', ({ orphan: { content } }) => content.message),
  text('state', ({ orphan }) => orphan.state),
  text('hold_reason', ({ orphan }) => (orphan.state === 'held' ? 'orphan_stop' : null)),
]);

export const ORPHAN_DECISIONS = new RecordSet<OrphanDecision>([
  int8('orphan_id', (decision) => Number(decision.orphanId)),
  text('state', (decision) => decision.state),
  uuid('session_id', (decision) => decision.sessionId),
  text('hold_reason', (decision) => decision.holdReason),
  instant('updated_at', (decision) => decision.atMs),
]);
