import { HOLD_REASONS, SESSION_STATUSES } from '@tallywatt/contracts';
import { z } from 'zod';
import type { Session } from '../sessions/session.js';

/** A session as the SQL below writes it to JSON: times in epoch ms, digests in hex. */
export const sessionJson = z.object({
  sessionId: z.string(),
  chargePointId: z.string(),
  connectorId: z.number(),
  transactionId: z.number(),
  operatorId: z.string(),
  stationId: z.string(),
  idTag: z.string(),
  evId: z.string().nullable(),
  userOperatorId: z.string().nullable(),
  status: z.enum(SESSION_STATUSES),
  authorizationStatus: z.enum(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']),
  naturalKey: z.string(),
  stopKey: z.string().nullable(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  reportedStartMs: z.number().nullable(),
  reportedStopMs: z.number().nullable(),
  startReceivedAtMs: z.number(),
  stopReceivedAtMs: z.number().nullable(),
  meterStartWh: z.number().nullable(),
  meterStopWh: z.number().nullable(),
  stopReason: z.string().nullable(),
  closeKind: z.enum(['stopped', 'inferred']).nullable(),
  holdReason: z.enum(HOLD_REASONS).nullable(),
  holdUntilMs: z.number().nullable(),
  revision: z.number(),
  version: z.number(),
}) satisfies z.ZodType<Session>;

const ms = (column: string): string => `(extract(epoch from ${column}) * 1000)::bigint`;

/** SQL for the session row `s` as {@link sessionJson}. */
export const SESSION_JSON = `json_build_object(
  'sessionId', s.session_id, 'chargePointId', s.charge_point_id, 'connectorId', s.connector_id, 'transactionId', s.transaction_id,
  'operatorId', s.operator_id, 'stationId', s.station_id, 'idTag', s.id_tag, 'evId', s.ev_id, 'userOperatorId', s.user_operator_id,
  'status', s.status, 'authorizationStatus', s.authorization_status, 'naturalKey', encode(s.natural_key, 'hex'),
  'stopKey', encode(s.stop_key, 'hex'), 'startedAtMs', ${ms('s.started_at')}, 'endedAtMs', ${ms('s.ended_at')},
  'reportedStartMs', ${ms('s.reported_start_at')}, 'reportedStopMs', ${ms('s.reported_stop_at')},
  'startReceivedAtMs', ${ms('s.start_received_at')}, 'stopReceivedAtMs', ${ms('s.stop_received_at')},
  'meterStartWh', s.meter_start_wh, 'meterStopWh', s.meter_stop_wh, 'stopReason', s.stop_reason, 'closeKind', s.close_kind,
  'holdReason', s.hold_reason, 'holdUntilMs', ${ms('s.hold_until')}, 'revision', s.revision, 'version', s.version)`;

/** SQL: the readings of session `s`, one per instant (the highest), in time order: `[[epochMs, Wh], …]`. */
export const READINGS_JSON = `(
  select coalesce(json_agg(json_build_array(${ms('r.at')}, r.register_wh) order by r.at), '[]') from (
    select m.at, max(m.register_wh) as register_wh from csms.meter_value m
    where m.session_id = s.session_id and m.register_wh is not null group by m.at) r)`;

/** SQL: hex SHA-256 of the evidence frames of session `s`, in order of arrival. */
export const FRAME_DIGESTS_JSON = `(
  select coalesce(json_agg(encode(sha256(f.raw), 'hex') order by f.seq), '[]')
  from csms.session_frame f where f.session_id = s.session_id and f.is_evidence)`;

/**
 * SQL: whether `from … where …` finds a row. Not `exists`: a statement that is prepared while the tables are still empty
 * may keep a plan that hashes the whole table for it; a scalar sub-select with a limit can only probe the index.
 */
export const anySql = (query: string): string => `coalesce((select true ${query} limit 1), false)`;

/** SQL: whether a stopped, not refused session of the connector of `s` shares time with [s.started_at, end); empty ones share none. */
export const overlapSql = (endedAt: string): string =>
  anySql(`
  from csms.session other
  where other.charge_point_id = s.charge_point_id and other.connector_id = s.connector_id and other.session_id <> s.session_id
    and other.close_kind = 'stopped' and other.status <> 'refused'
    and other.started_at < other.ended_at and s.started_at < ${endedAt}
    and other.started_at < ${endedAt} and s.started_at < other.ended_at`);

export const fileJson = (endedAt: string): string => `json_build_object(
  'session', ${SESSION_JSON}, 'readings', ${READINGS_JSON}, 'frameDigests', ${FRAME_DIGESTS_JSON}, 'overlaps', ${overlapSql(endedAt)})`;

export const sessionFileJson = z
  .object({
    session: sessionJson,
    readings: z.array(z.tuple([z.number(), z.number()])),
    frameDigests: z.array(z.string()),
    overlaps: z.boolean(),
  })
  .transform(({ session, readings, frameDigests, overlaps }) => ({
    session,
    readings: readings.map(([atMs, registerWh]) => ({ atMs, registerWh })),
    frameDigests: frameDigests.map((hex) => Buffer.from(hex, 'hex')),
    overlaps,
  }));
