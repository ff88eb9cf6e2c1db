import type { Change } from '../sessions/change.js';
import {
  EVENTS,
  FRAMES,
  METER_VALUES,
  ORPHANS,
  ORPHAN_DECISIONS,
  REQUESTS,
  SESSIONS,
  SESSION_ENDS,
  SESSION_END_NAMES,
} from './change-columns.js';

/** Where each table's parameters begin; the two row counts come last. */
const FRAME_AT = 1;
const ENDED_AT = FRAME_AT + FRAMES.width;
const OPENED_AT = ENDED_AT + SESSION_ENDS.width;
const DECIDED_AT = OPENED_AT + SESSIONS.width;
const ORPHAN_AT = DECIDED_AT + ORPHAN_DECISIONS.width;
const METER_AT = ORPHAN_AT + ORPHANS.width;
const REQUEST_AT = METER_AT + METER_VALUES.width;
const EVENT_AT = REQUEST_AT + REQUESTS.width;
const CHANGED_COUNT = EVENT_AT + EVENTS.width;
const DECIDED_COUNT = CHANGED_COUNT + 1;

const list = (names: readonly string[]): string => names.join(', ');

/**
 * One group commit is one statement: a single round trip, and all or nothing without BEGIN and COMMIT. The lock of the
 * change sequence is taken once for all numbers. Guarded updates that hit fewer rows than they should fail the whole
 * statement (40001). Sessions are inserted after the updates, because a connector's old session must have ended before
 * the next opens.
 */
const COMMIT_SQL = `
with locked as materialized (
  select csms.lock_change_seq() as is_locked
), frame_in as materialized (
  select nextval('csms.change_seq') as seq, x.* from locked, ${FRAMES.from('x', FRAME_AT)} where is_locked
), frames as (
  insert into csms.frame (seq, at, charge_point_id, action, message_id, raw, session_id, is_evidence, flags)
  select seq, at, charge_point_id, action, message_id, raw, session_id, is_evidence, flags::text[] from frame_in
), changed as (
  update csms.session s set ${SESSION_END_NAMES.map((name) => `${name} = x.${name}`).join(', ')}
  from ${SESSION_ENDS.from('x', ENDED_AT)}
  where s.session_id = x.session_id and s.version = x.version - 1
  returning 1
), opened as (
  insert into csms.session (${list(SESSIONS.names)})
  select ${list(SESSIONS.names)} from ${SESSIONS.from('x', OPENED_AT)}
  where (select csms.require_rows('session', count(*), $${CHANGED_COUNT}) from changed)
), decided as (
  update csms.orphan o set state = x.state, session_id = x.session_id, hold_reason = x.hold_reason, updated_at = x.updated_at
  from ${ORPHAN_DECISIONS.from('x', DECIDED_AT)}
  where o.orphan_id = x.orphan_id and o.state = 'parked'
  returning 1
), orphans as (
  insert into csms.orphan (charge_point_id, operator_id, action, connector_id, transaction_id, id_tag, meter_wh, occurred_at,
    received_at, content_key, frame_seq, data, state, hold_reason, updated_at)
  select x.charge_point_id, x.operator_id, x.action, x.connector_id, x.transaction_id, x.id_tag, x.meter_wh, x.occurred_at,
    x.received_at, x.content_key, f.seq, x.data, x.state, x.hold_reason, x.received_at
  from ${ORPHANS.from('x', ORPHAN_AT)} join frame_in f on f.ref = x.frame_ref
), meter_values as (
  insert into csms.meter_value (${list(METER_VALUES.names)})
  select ${list(METER_VALUES.names)} from ${METER_VALUES.from('x', METER_AT)}
), requests as (
  insert into csms.settlement_request (change_seq, ${list(REQUESTS.names)})
  select nextval('csms.change_seq'), x.* from locked, ${REQUESTS.from('x', REQUEST_AT)} where is_locked
), events as (
  insert into csms.session_event (seq, ${list(EVENTS.names)})
  select nextval('csms.change_seq'), x.* from locked, ${EVENTS.from('x', EVENT_AT)} where is_locked
)
select csms.require_rows('session', (select count(*) from changed), $${CHANGED_COUNT}),
  csms.require_rows('orphan', (select count(*) from decided), $${DECIDED_COUNT})`;

export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: (Buffer | number)[];
}

/** @throws UnstorableValueError when a value fits no column */
export function commitStatement(changes: readonly Change[]): Statement {
  const rows = <T>(items: (change: Change) => readonly T[] | undefined): T[] =>
    changes.flatMap((change) => items(change) ?? []);
  const changed = rows((change) => change.changed);
  const decided = rows((change) => change.orphanDecisions);
  return {
    name: 'csms_commit',
    text: COMMIT_SQL,
    values: [
      ...FRAMES.values(changes.flatMap(({ frame }, ref) => (frame === undefined ? [] : [{ ref, frame }]))),
      ...SESSION_ENDS.values(changed),
      ...SESSIONS.values(rows((change) => change.opened)),
      ...ORPHAN_DECISIONS.values(decided),
      ...ORPHANS.values(
        changes.flatMap(({ orphan }, frameRef) => (orphan === undefined ? [] : [{ frameRef, orphan }])),
      ),
      ...METER_VALUES.values(rows((change) => change.meterValues)),
      ...REQUESTS.values(rows((change) => change.requests)),
      ...EVENTS.values(rows((change) => change.events)),
      changed.length,
      decided.length,
    ],
  };
}
