import {
  SESSION_STATUSES,
  SETTLEMENT_STATES,
  HOLD_REASONS,
  type PageView,
  type SessionView,
} from '@tallywatt/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Scope } from '../api/auth/scope.js';
import { presentMoney } from '../api/money.presenter.js';
import {
  SessionQueries,
  type FrameView,
  type MeterValueView,
  type PageQuery,
  type SessionsQuery,
} from '../api/sessions/session-queries.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';
import { Conditions, visibleTo } from './sql-conditions.js';

const bigintText = z.string().nullable();
const sessionRow = z.object({
  session_id: z.string(),
  charge_point_id: z.string(),
  connector_id: z.number(),
  transaction_id: z.number(),
  operator_id: z.string(),
  station_id: z.string(),
  ev_id: z.string().nullable(),
  user_operator_id: z.string().nullable(),
  status: z.enum(SESSION_STATUSES),
  authorization_status: z.string(),
  started_at: z.date(),
  started_us: z.string(),
  ended_at: z.date().nullable(),
  meter_start_wh: bigintText,
  meter_stop_wh: bigintText,
  stop_reason: z.string().nullable(),
  close_kind: z.enum(['stopped', 'inferred']).nullable(),
  hold_reason: z.enum(HOLD_REASONS).nullable(),
  simulated: z.boolean(),
  settlement_state: z.enum(SETTLEMENT_STATES).nullable(),
  settlement_code: z.string().nullable(),
  total_minor: bigintText,
  tx_id: z.string().nullable(),
  block_number: bigintText,
});
type SessionRow = z.output<typeof sessionRow>;

/** Microseconds since 1970 as text: a cursor that loses nothing of timestamptz. */
const microseconds = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint::text`;
const fromMicroseconds = (parameter: string): string =>
  `('epoch'::timestamptz + ${parameter}::bigint * interval '1 microsecond')`;

/** The outcome is settlement's word, joined and never copied; a request without one yet is pending. */
const STATE = `case when s.revision > 0 then coalesce(o.state, 'pending') end`;
const FROM = `
  from csms.session s
  join csms.charge_point p using (charge_point_id)
  left join settlement.settlement_outcome o on o.settlement_id = s.session_id::text`;
const SELECT = `
  select s.session_id, s.charge_point_id, s.connector_id, s.transaction_id, s.operator_id, s.station_id, s.ev_id,
         s.user_operator_id, s.status, s.authorization_status, s.started_at, ${microseconds('s.started_at')} as started_us,
         s.ended_at, s.meter_start_wh, s.meter_stop_wh, s.stop_reason, s.close_kind, s.hold_reason, p.simulated,
         ${STATE} as settlement_state, o.code as settlement_code, o.total_minor, o.tx_id, o.block_number ${FROM}`;

const listCursor = z.tuple([z.string().regex(/^-?[0-9]{1,18}$/), z.uuid()]);
const valueCursor = z.tuple([z.string().regex(/^-?[0-9]{1,18}$/), z.string().regex(/^[0-9]{1,18}$/)]);
const frameCursor = z.tuple([z.string().regex(/^[0-9]{1,18}$/)]);

export class PgSessionQueries extends SessionQueries {
  constructor(private readonly pool: Pool) {
    super();
  }

  async list(scope: Scope, query: SessionsQuery): Promise<PageView<SessionView>> {
    const filter = filterOf(scope, query);
    const page = filter.copy();
    if (query.cursor !== undefined) {
      const [startedUs, id] = decodeCursor(query.cursor, listCursor);
      page.add(
        ([us, session]) => `(s.started_at, s.session_id) < (${fromMicroseconds(us)}, ${session}::uuid)`,
        startedUs,
        id,
      );
    }
    const limit = page.parameter(query.limit + 1);
    const sql = `${SELECT} where ${page.sql} order by s.started_at desc, s.session_id desc limit ${limit}`;
    const { rows } = await this.pool.query<object>(sql, page.values);
    const found = rows.slice(0, query.limit).map((row) => sessionRow.parse(row));
    const last = found.at(-1);
    const nextCursor = rows.length > query.limit && last ? encodeCursor([last.started_us, last.session_id]) : null;
    const total = query.count === true ? { total: await this.count(filter) } : {};
    return { data: found.map(presentSession), nextCursor, ...total };
  }

  async find(scope: Scope, sessionId: string): Promise<SessionView | undefined> {
    const conditions = new Conditions();
    visibleTo(scope, conditions, 's');
    conditions.add(([id]) => `s.session_id = ${id}::uuid`, sessionId);
    const { rows } = await this.pool.query<object>(`${SELECT} where ${conditions.sql}`, conditions.values);
    return rows.length === 0 ? undefined : presentSession(sessionRow.parse(rows[0]));
  }

  async meterValues(sessionId: string, page: PageQuery): Promise<PageView<MeterValueView>> {
    const [us, id] = page.cursor === undefined ? [null, null] : decodeCursor(page.cursor, valueCursor);
    const { rows } = await this.pool.query<object>(
      `select meter_value_id, at, ${microseconds('at')} as at_us, received_at, measurand, value, unit, phase, context, location
       from csms.meter_value
       where session_id = $1 and ($2::text is null or (at, meter_value_id) > (${fromMicroseconds('$2')}, $3::bigint))
       order by at, meter_value_id limit $4`,
      [sessionId, us, id, page.limit + 1],
    );
    const found = rows.slice(0, page.limit).map((row) => meterValueRow.parse(row));
    const last = found.at(-1);
    const nextCursor = rows.length > page.limit && last ? encodeCursor([last.at_us, last.meter_value_id]) : null;
    return { data: found.map(presentMeterValue), nextCursor };
  }

  async frames(sessionId: string, page: PageQuery): Promise<PageView<FrameView>> {
    const after = page.cursor === undefined ? null : decodeCursor(page.cursor, frameCursor)[0];
    const { rows } = await this.pool.query<object>(
      `select seq, at, direction, action, message_id, raw from csms.session_frame
       where session_id = $1 and ($2::bigint is null or seq > $2) order by seq limit $3`,
      [sessionId, after, page.limit + 1],
    );
    const data = rows.slice(0, page.limit).map((row) => presentFrame(frameRow.parse(row)));
    const last = data.at(-1);
    return { data, nextCursor: rows.length > page.limit && last ? encodeCursor([last.seq]) : null };
  }

  private async count(filter: Conditions): Promise<number> {
    const sql = `select count(*) as total ${FROM} where ${filter.sql}`;
    return Number((await this.pool.query<{ total: string }>(sql, filter.values)).rows[0]?.total);
  }
}

function filterOf(scope: Scope, query: SessionsQuery): Conditions {
  const conditions = new Conditions();
  visibleTo(scope, conditions, 's');
  const equals: readonly (readonly [string, string | undefined])[] = [
    ['s.operator_id', query.operatorId],
    ['s.station_id', query.stationId],
    ['s.charge_point_id', query.chargePointId],
    ['s.ev_id', query.evId],
    ['s.status', query.status],
    [STATE, query.settlementStatus],
  ];
  for (const [column, value] of equals) if (value !== undefined) conditions.add(([v]) => `${column} = ${v}`, value);
  if (query.from !== undefined) conditions.add(([v]) => `s.started_at >= ${v}::timestamptz`, query.from);
  if (query.to !== undefined) conditions.add(([v]) => `s.started_at < ${v}::timestamptz`, query.to);
  return conditions;
}

function presentSession(row: SessionRow): SessionView {
  const [start, stop] = [row.meter_start_wh, row.meter_stop_wh];
  return {
    id: row.session_id,
    chargePointId: row.charge_point_id,
    connectorId: row.connector_id,
    transactionId: row.transaction_id,
    operatorId: row.operator_id,
    stationId: row.station_id,
    evId: row.ev_id,
    userOperatorId: row.user_operator_id,
    status: row.status,
    authorization: row.authorization_status,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    meterStartWh: start === null ? null : Number(start),
    meterStopWh: stop === null ? null : Number(stop),
    energyWh: start === null || stop === null ? null : Number(BigInt(stop) - BigInt(start)),
    stopReason: row.stop_reason,
    closeKind: row.close_kind,
    holdReason: row.hold_reason,
    simulated: row.simulated,
    settlement: presentSettlement(row),
  };
}

function presentSettlement(row: SessionRow): SessionView['settlement'] {
  if (row.settlement_state === null) return null;
  return {
    state: row.settlement_state,
    code: row.settlement_code,
    total: row.total_minor === null ? null : presentMoney(row.total_minor),
    txId: row.tx_id,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
  };
}

const meterValueRow = z.object({
  meter_value_id: z.string(),
  at: z.date(),
  at_us: z.string(),
  received_at: z.date(),
  measurand: z.string(),
  value: z.string(),
  unit: z.string().nullable(),
  phase: z.string().nullable(),
  context: z.string().nullable(),
  location: z.string().nullable(),
});

function presentMeterValue(row: z.output<typeof meterValueRow>): MeterValueView {
  const { at, received_at, measurand, value, unit, phase, context, location } = row;
  return {
    at: at.toISOString(),
    receivedAt: received_at.toISOString(),
    measurand,
    value,
    unit,
    phase,
    context,
    location,
  };
}

const frameRow = z.object({
  seq: z.string(),
  at: z.date(),
  direction: z.enum(['in', 'out']),
  action: z.string().nullable(),
  message_id: z.string(),
  raw: z.instanceof(Buffer),
});

function presentFrame({ seq, at, direction, action, message_id, raw }: z.output<typeof frameRow>): FrameView {
  return { seq, at: at.toISOString(), direction, action, messageId: message_id, frame: raw.toString('utf8') };
}
