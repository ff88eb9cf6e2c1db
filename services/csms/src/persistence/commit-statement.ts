import type { Change } from '../sessions/change.js';
import {
  eventRow,
  frameRow,
  meterValueRow,
  orphanDecisionRow,
  orphanRow,
  requestRow,
  sessionRow,
  type Row,
} from './change-rows.js';
import { storableJson } from './storable-text.js';

/**
 * One group commit is one statement: a single round trip, and all or nothing without BEGIN and COMMIT. Each table gets
 * its rows as one JSON parameter. Guarded updates that hit fewer rows than they should fail the whole statement (40001).
 * Sessions are inserted after the updates, because a connector's old session must have ended before the next opens.
 */
const COMMIT_SQL = `
with frame_in as materialized (
  select csms.next_change_seq() as seq, x.* from json_to_recordset($1) as x(
    ref int, at timestamptz, charge_point_id text, action text, message_id text, raw text, session_id uuid, is_evidence boolean, flags text[])
), frames as (
  insert into csms.frame (seq, at, charge_point_id, action, message_id, raw, session_id, is_evidence, flags)
  select seq, at, charge_point_id, action, message_id, decode(raw, 'base64'), session_id, is_evidence, flags from frame_in order by seq
), changed as (
  update csms.session s set
    status = x.status, stop_key = x.stop_key, ended_at = x.ended_at, reported_stop_at = x.reported_stop_at,
    stop_received_at = x.stop_received_at, meter_stop_wh = x.meter_stop_wh, stop_reason = x.stop_reason, close_kind = x.close_kind,
    hold_reason = x.hold_reason, hold_until = x.hold_until, revision = x.revision, version = x.version
  from json_populate_recordset(null::csms.session, $2) x
  where s.session_id = x.session_id and s.version = x.version - 1
  returning 1
), opened as (
  insert into csms.session (
    session_id, charge_point_id, connector_id, transaction_id, operator_id, station_id, id_tag, ev_id, user_operator_id, status,
    authorization_status, natural_key, stop_key, started_at, ended_at, reported_start_at, reported_stop_at, start_received_at,
    stop_received_at, meter_start_wh, meter_stop_wh, stop_reason, close_kind, hold_reason, hold_until, revision, version)
  select
    session_id, charge_point_id, connector_id, transaction_id, operator_id, station_id, id_tag, ev_id, user_operator_id, status,
    authorization_status, natural_key, stop_key, started_at, ended_at, reported_start_at, reported_stop_at, start_received_at,
    stop_received_at, meter_start_wh, meter_stop_wh, stop_reason, close_kind, hold_reason, hold_until, revision, version
  from json_populate_recordset(null::csms.session, $3)
  where (select csms.require_rows('session', count(*), $9) from changed)
), decided as (
  update csms.orphan o set state = x.state, session_id = x.session_id, hold_reason = x.hold_reason, updated_at = x.updated_at
  from json_populate_recordset(null::csms.orphan, $4) x
  where o.orphan_id = x.orphan_id and o.state = 'parked'
  returning 1
), orphans as (
  insert into csms.orphan (charge_point_id, operator_id, action, connector_id, transaction_id, id_tag, meter_wh, occurred_at,
    received_at, content_key, frame_seq, data, state, hold_reason, updated_at)
  select x.charge_point_id, x.operator_id, x.action, x.connector_id, x.transaction_id, x.id_tag, x.meter_wh, x.occurred_at,
    x.received_at, x.content_key, f.seq, x.data, x.state, x.hold_reason, x.received_at
  from json_to_recordset($5) as x(frame_ref int, charge_point_id text, operator_id text, action text, connector_id int, transaction_id bigint,
    id_tag text, meter_wh bigint, occurred_at timestamptz, received_at timestamptz, content_key bytea, data jsonb, state text, hold_reason text)
  join frame_in f on f.ref = x.frame_ref
), meter_values as (
  insert into csms.meter_value (session_id, charge_point_id, connector_id, at, received_at, measurand, value, register_wh, unit, phase, context, location, format)
  select session_id, charge_point_id, connector_id, at, received_at, measurand, value, register_wh, unit, phase, context, location, format
  from json_populate_recordset(null::csms.meter_value, $6)
), requests as (
  insert into csms.settlement_request (
    settlement_id, revision, operator_id, station_id, charge_point_id, connector_id, transaction_id, ev_id, user_operator_id, meter_start_wh,
    meter_stop_wh, readings, started_at, ended_at, evidence_sha256, stop_reason, close_kind, hold_reason, hold_until, created_at)
  select
    settlement_id, revision, operator_id, station_id, charge_point_id, connector_id, transaction_id, ev_id, user_operator_id, meter_start_wh,
    meter_stop_wh, readings, started_at, ended_at, evidence_sha256, stop_reason, close_kind, hold_reason, hold_until, created_at
  from json_populate_recordset(null::csms.settlement_request, $7)
), events as (
  insert into csms.session_event (at, session_id, charge_point_id, operator_id, user_operator_id, ev_id, kind, data)
  select at, session_id, charge_point_id, operator_id, user_operator_id, ev_id, kind, data
  from json_populate_recordset(null::csms.session_event, $8)
)
select csms.require_rows('session', (select count(*) from changed), $9), csms.require_rows('orphan', (select count(*) from decided), $10)`;

export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: (string | number)[];
}

export function commitStatement(changes: readonly Change[]): Statement {
  const rows = <T>(items: (change: Change) => readonly T[] | undefined, rowOf: (item: T) => Row): Row[] =>
    changes.flatMap((change) => (items(change) ?? []).map(rowOf));
  const changed = rows((change) => change.changed, sessionRow);
  const decided = rows((change) => change.orphanDecisions, orphanDecisionRow);
  const tables: readonly (readonly Row[])[] = [
    changes.flatMap(({ frame }, ref) => (frame === undefined ? [] : [frameRow(frame, ref)])),
    changed,
    rows((change) => change.opened, sessionRow),
    decided,
    changes.flatMap(({ orphan }, ref) => (orphan === undefined ? [] : [orphanRow(orphan, ref)])),
    rows((change) => change.meterValues, meterValueRow),
    rows((change) => change.requests, requestRow),
    rows((change) => change.events, eventRow),
  ];
  return {
    name: 'csms_commit',
    text: COMMIT_SQL,
    values: [...tables.map(storableJson), changed.length, decided.length],
  };
}
