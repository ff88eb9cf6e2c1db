import { z } from 'zod';
import { PARKED_PER_PILE_MAX } from '../sessions/orphans.js';
import { anySql, fileJson, overlapSql, SESSION_JSON, sessionFileJson, sessionJson } from './session-columns.js';

/*
 * Reads of many messages at once: $1 is a JSON array of questions, the answer has one row per question in its order.
 */

/** A pile has few connectors; more sessions that await a Stop than this do not make the match clearer. */
export const CANDIDATES_MAX = 20;

/** A parked message `o` as JSON. */
const ORPHAN_JSON = `json_build_object(
  'orphanId', o.orphan_id::text, 'chargePointId', o.charge_point_id, 'operatorId', o.operator_id,
  'receivedAtMs', (extract(epoch from o.received_at) * 1000)::bigint, 'action', o.action, 'data', o.data,
  'frameDigest', (select encode(sha256(f.raw), 'hex') from csms.frame f where f.seq = o.frame_seq))`;

export const TAG_SQL = `
select t.ev_id, t.operator_id, (extract(epoch from t.expires_at) * 1000)::bigint as expires_at_ms, a.max_concurrent_sessions
from json_array_elements_text($1) with ordinality as q(id_tag_key, ord)
left join csms.id_tag t on t.id_tag_key = q.id_tag_key
left join csms.account a on a.ev_id = t.ev_id
order by q.ord`;

export const START_SQL = `
select json_build_object(
  'existing', (select ${SESSION_JSON} from csms.session s where s.natural_key = decode(q."naturalKey", 'hex')),
  'openSessionsOfAccount', (
    select count(*) from csms.session s
    where s.ev_id = q."evId" and s.ended_at is null and s.status = 'open'
      and not (s.charge_point_id = q."chargePointId" and s.connector_id = q."connectorId")),
  'unended', (
    select coalesce(json_agg(${fileJson('s.started_at')}), '[]') from csms.session s
    where s.charge_point_id = q."chargePointId" and s.connector_id = q."connectorId" and s.ended_at is null),
  'parked', (
    select coalesce(json_agg(${ORPHAN_JSON} order by o.orphan_id), '[]') from (
      select * from csms.orphan o where o.charge_point_id = q."chargePointId" and o.state = 'parked'
      order by o.orphan_id limit ${PARKED_PER_PILE_MAX}) o)
) as answer
from rows from (json_to_recordset($1) as ("chargePointId" text, "connectorId" int, "naturalKey" text, "evId" text))
  with ordinality as q("chargePointId", "connectorId", "naturalKey", "evId", ord)
order by q.ord`;

export const STOP_SQL = `
select json_build_object(
  'own', (
    select ${fileJson('q."endedAt"')} from csms.session s
    where s.transaction_id = q."transactionId" and s.charge_point_id = q."chargePointId"),
  'isForeign', ${anySql(`
    from csms.session s where s.transaction_id = q."transactionId" and s.charge_point_id <> q."chargePointId"`)},
  'repeatOf', (
    select ${SESSION_JSON} from csms.session s
    where s.charge_point_id = q."chargePointId" and s.stop_key = decode(q."stopKey", 'hex')),
  'isParkedAlready', ${anySql(`
    from csms.orphan o where o.charge_point_id = q."chargePointId" and o.content_key = decode(q."stopKey", 'hex')`)},
  'candidates', (
    select coalesce(json_agg(${fileJson('q."endedAt"')}), '[]') from (
      select * from csms.session s
      where s.charge_point_id = q."chargePointId"
        and (s.ended_at is null or (s.close_kind = 'inferred' and s.start_received_at > q."candidatesSince"))
        and not ${anySql(`
          from csms.session o where o.transaction_id = q."transactionId" and o.charge_point_id = q."chargePointId"`)}
      order by s.start_received_at desc limit ${CANDIDATES_MAX}) s)
) as answer
from rows from (json_to_recordset($1) as ("chargePointId" text, "transactionId" bigint, "stopKey" text, "endedAt" timestamptz, "candidatesSince" timestamptz))
  with ordinality as q("chargePointId", "transactionId", "stopKey", "endedAt", "candidatesSince", ord)
order by q.ord`;

export const METER_SQL = `
select json_build_object(
  'own', own.session,
  'running', running.session,
  'isRepeat', ${anySql(`
      from csms.orphan o where o.charge_point_id = q."chargePointId" and o.content_key = decode(q."contentKey", 'hex')`)}
    or (q."probeValue" is not null and ${anySql(`
      from csms.meter_value m
      where m.session_id = coalesce(own.session_id, running.session_id) and m.at = q."probeAt" and m.measurand = q."probeMeasurand"
        and m.value = q."probeValue" and m.phase is not distinct from q."probePhase" and m.context is not distinct from q."probeContext"
        and m.location is not distinct from q."probeLocation"`)})
) as answer
from rows from (json_to_recordset($1) as ("chargePointId" text, "connectorId" int, "transactionId" bigint, "contentKey" text, "probeAt" timestamptz, "probeMeasurand" text, "probeValue" text, "probePhase" text, "probeContext" text, "probeLocation" text))
  with ordinality as q("chargePointId", "connectorId", "transactionId", "contentKey", "probeAt", "probeMeasurand", "probeValue", "probePhase", "probeContext", "probeLocation", ord)
left join lateral (
  select s.session_id, ${SESSION_JSON} as session from csms.session s
  where s.transaction_id = q."transactionId" and s.charge_point_id = q."chargePointId"
  limit 1) own on true
left join lateral (
  select s.session_id, ${SESSION_JSON} as session from csms.session s
  where s.charge_point_id = q."chargePointId" and s.connector_id = q."connectorId" and s.ended_at is null and coalesce(q."transactionId", 0) <= 0
  order by s.start_received_at desc limit 1) running on true
order by q.ord`;

export const OVERLAP_SQL = `
select ${overlapSql('s.ended_at')} as overlaps
from rows from (json_to_recordset($1) as (charge_point_id text, connector_id int, session_id uuid, started_at timestamptz, ended_at timestamptz))
  with ordinality as s(charge_point_id, connector_id, session_id, started_at, ended_at, ord)
order by s.ord`;

export const UNENDED_SQL = `
select ${fileJson('s.started_at')} as answer from csms.session s where s.charge_point_id = $1 and s.ended_at is null`;

/** Available since before $1 although a session runs; or a pile that nobody has seen since $2. */
export const ABANDONED_SQL = `
select ${fileJson('s.started_at')} as answer, found.cause, (extract(epoch from found.cause_at) * 1000)::bigint as cause_at_ms
from (
  select s.session_id, 'available' as cause, c.status_at as cause_at from csms.session s
  join csms.connector_status c on c.charge_point_id = s.charge_point_id and c.connector_id = s.connector_id
  where s.ended_at is null and c.status = 'Available' and c.received_at < $1 and c.received_at > s.start_received_at
  union all
  select s.session_id, 'offline', coalesce(p.last_seen_at, s.start_received_at) from csms.session s
  join csms.charge_point p on p.charge_point_id = s.charge_point_id
  where s.ended_at is null and not p.connected and greatest(p.last_seen_at, s.start_received_at) < $2
) found join csms.session s on s.session_id = found.session_id
order by found.cause_at limit $3`;

export const PARKED_BEFORE_SQL = `
select ${ORPHAN_JSON} as answer from csms.orphan o where o.state = 'parked' and o.received_at < $1 order by o.orphan_id limit $2`;

const pileTime = z.object({ key: z.string(), reportedMs: z.number().nullable(), tariffMs: z.number() });
const sample = z.object({
  atMs: z.number(),
  measurand: z.string(),
  value: z.string(),
  registerWh: z.number().nullable(),
  unit: z.string().nullable(),
  phase: z.string().nullable(),
  context: z.string().nullable(),
  location: z.string().nullable(),
  format: z.string().nullable(),
});
const stopMessage = z.object({
  transactionId: z.number().nullable(),
  idTag: z.string().nullable(),
  time: pileTime,
  meterStopWh: z.number().nullable(),
  reason: z.string().nullable(),
  samples: z.array(sample),
  stopKey: z.string(),
});
const meterMessage = z.object({
  transactionId: z.number().nullable(),
  connectorId: z.number(),
  samples: z.array(sample),
  atMs: z.number(),
  contentKey: z.string(),
});
const orphanHead = {
  orphanId: z.string(),
  chargePointId: z.string(),
  operatorId: z.string(),
  receivedAtMs: z.number(),
  frameDigest: z.string(),
};

export const parkedJson = z
  .discriminatedUnion('action', [
    z.object({ ...orphanHead, action: z.literal('StopTransaction'), data: stopMessage }),
    z.object({ ...orphanHead, action: z.literal('MeterValues'), data: meterMessage }),
  ])
  .transform((row) => ({
    orphanId: row.orphanId,
    chargePointId: row.chargePointId,
    operatorId: row.operatorId,
    receivedAtMs: row.receivedAtMs,
    frameDigest: Buffer.from(row.frameDigest, 'hex'),
    content:
      row.action === 'StopTransaction'
        ? ({ action: row.action, message: row.data } as const)
        : ({ action: row.action, message: row.data } as const),
  }));

const maybeSession = sessionJson.nullable().transform((session) => session ?? undefined);
export const startAnswer = z.object({
  existing: maybeSession,
  openSessionsOfAccount: z.number(),
  unended: z.array(sessionFileJson),
  parked: z.array(parkedJson),
});
export const stopAnswer = z.object({
  own: sessionFileJson.nullable().transform((file) => file ?? undefined),
  isForeign: z.boolean(),
  repeatOf: maybeSession,
  isParkedAlready: z.boolean(),
  candidates: z.array(sessionFileJson),
});
export const meterAnswer = z.object({ own: maybeSession, running: maybeSession, isRepeat: z.boolean() });
