import { SETTLEMENT_STATES } from '@tallywatt/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { LiveLogSource, type Cursor, type SourceEvent } from '../live-log/live-log-source.js';
import { describeFrame, describeSession, describeSettlement, FRAME_BYTES_SHOWN_MAX } from '../live-log/wording.js';

const csmsRow = z.object({
  seq: z.string(),
  at: z.date(),
  kind: z.enum(['frame', 'session', 'connection', 'security']),
  charge_point_id: z.string().nullable(),
  session_id: z.string().nullable(),
  operator_id: z.string().nullable(),
  user_operator_id: z.string().nullable(),
  ev_id: z.string().nullable(),
  name: z.string().nullable(),
  direction: z.enum(['in', 'out']).nullable(),
  message_id: z.string().nullable(),
  raw: z.instanceof(Buffer).nullable(),
  raw_bytes: z.number().nullable(),
  data: z.unknown(),
});
type CsmsRow = z.output<typeof csmsRow>;

const NO_FRAME = 'null::text as direction, null::text as message_id, null::bytea as raw, null::integer as raw_bytes';
const NO_PARTY = 'null::text as user_operator_id, null::text as ev_id';
/** A frame belongs to its pile's operator; whose tag is in it is said by the session's events. */
const FRAME = `operator_id, ${NO_PARTY}, action as name, direction, message_id,
  substring(raw for ${FRAME_BYTES_SHOWN_MAX}) as raw, octet_length(raw) as raw_bytes, null::jsonb as data`;

/** Each table is read by its own index, then the pieces are put in order: one statement per tick. */
const READ_CSMS = `
  select * from (
    (select seq, at, 'frame' as kind, charge_point_id, session_id, ${FRAME}
       from csms.frame left join csms.charge_point p using (charge_point_id) where seq > $1 order by seq limit $2)
    union all
    (select seq, at, 'frame', charge_point_id, null::uuid, ${FRAME}
       from csms.frame_transient left join csms.charge_point p using (charge_point_id) where chunk_seq > $1 and seq > $1
       order by chunk_seq, seq limit $2)
    union all
    (select seq, at, 'session', charge_point_id, session_id, operator_id, user_operator_id, ev_id, kind, ${NO_FRAME}, data
       from csms.session_event where seq > $1 order by seq limit $2)
    union all
    (select seq, at, 'connection', charge_point_id, null::uuid, operator_id, ${NO_PARTY}, kind, ${NO_FRAME}, detail
       from csms.connection_event left join csms.charge_point p using (charge_point_id) where seq > $1 order by seq limit $2)
    union all
    (select seq, at, 'security', charge_point_id, null::uuid, operator_id, ${NO_PARTY}, kind, ${NO_FRAME}, detail
       from csms.security_event left join csms.charge_point p using (charge_point_id) where seq > $1 order by seq limit $2)
  ) as event order by seq limit $2`;

const READ_SETTLEMENT = `
  select seq, settlement_id, operator_id, user_operator_id, charge_point_id, ev_id, state, code, tx_id, block_number, total_minor, at
  from settlement.settlement_step where seq > $1 order by seq limit $2`;

const TAIL = `
  select
    (select seq from (
       (select seq from csms.frame order by seq desc limit $1 + 1) union all
       (select seq from csms.frame_transient order by chunk_seq desc, seq desc limit $1 + 1) union all
       (select seq from csms.session_event order by seq desc limit $1 + 1) union all
       (select seq from csms.connection_event order by seq desc limit $1 + 1) union all
       (select seq from csms.security_event order by seq desc limit $1 + 1)
     ) as newest order by seq desc offset $1 limit 1) as csms,
    (select seq from settlement.settlement_step order by seq desc offset $1 limit 1) as settlement`;

const stepRow = z.object({
  seq: z.string(),
  settlement_id: z.string(),
  operator_id: z.string(),
  user_operator_id: z.string(),
  charge_point_id: z.string(),
  ev_id: z.string(),
  state: z.enum(SETTLEMENT_STATES),
  code: z.string().nullable(),
  tx_id: z.string().nullable(),
  block_number: z.string().nullable(),
  total_minor: z.string().nullable(),
  at: z.date(),
});
const tailRow = z.object({ csms: z.string().nullable(), settlement: z.string().nullable() });

/** Both sources are read with their sequence alone: what is visible never gets a neighbour behind it (see createPool). */
export class PgLiveLogSource extends LiveLogSource {
  constructor(private readonly pool: Pool) {
    super();
  }

  async read(after: Cursor, limit: number): Promise<readonly SourceEvent[]> {
    const [csms, settlement] = await Promise.all([
      this.pool.query<object>({ name: 'live_log_csms', text: READ_CSMS, values: [after.csmsSeq.toString(), limit] }),
      this.pool.query<object>({
        name: 'live_log_settlement',
        text: READ_SETTLEMENT,
        values: [after.settlementSeq.toString(), limit],
      }),
    ]);
    return mergeByTime(
      csms.rows.map((row) => presentCsms(csmsRow.parse(row))),
      settlement.rows.map((row) => presentStep(stepRow.parse(row))),
    );
  }

  async tail(count: number): Promise<Cursor> {
    const { csms, settlement } = tailRow.parse((await this.pool.query<object>(TAIL, [count])).rows[0]);
    return { csmsSeq: BigInt(csms ?? 0), settlementSeq: BigInt(settlement ?? 0) };
  }
}

/** Keeps the order of each source; between them the earlier time goes first. */
function mergeByTime(left: readonly SourceEvent[], right: readonly SourceEvent[]): SourceEvent[] {
  const merged: SourceEvent[] = [];
  let [i, j] = [0, 0];
  for (;;) {
    const [a, b] = [left[i], right[j]];
    if (a === undefined && b === undefined) return merged;
    if (a !== undefined && (b === undefined || a.entry.at <= b.entry.at)) {
      merged.push(a);
      i += 1;
    } else if (b !== undefined) {
      merged.push(b);
      j += 1;
    }
  }
}

function presentCsms(row: CsmsRow): SourceEvent {
  const entry = {
    kind: row.kind,
    at: row.at.toISOString(),
    chargePointId: row.charge_point_id,
    sessionId: row.session_id,
    operatorId: row.operator_id,
    ...wordsOf(row),
  };
  const parties = { operatorId: row.operator_id, userOperatorId: row.user_operator_id, evId: row.ev_id };
  return { source: 'csms', seq: BigInt(row.seq), ...parties, entry };
}

function wordsOf(row: CsmsRow): { readonly text: string; readonly data: unknown } {
  if (row.raw !== null && row.direction !== null) {
    const { direction, message_id: messageId, name: action } = row;
    return describeFrame({ direction, messageId, action, raw: row.raw, bytes: row.raw_bytes ?? row.raw.length });
  }
  if (row.kind === 'session') return { text: describeSession(row.name ?? '', row.data), data: row.data };
  return { text: row.name ?? row.kind, data: row.data };
}

function presentStep(row: z.output<typeof stepRow>): SourceEvent {
  const { state, code, tx_id: txId, block_number: blockNumber, total_minor: totalMinor } = row;
  const entry = {
    kind: 'settlement' as const,
    at: row.at.toISOString(),
    chargePointId: row.charge_point_id,
    sessionId: row.settlement_id,
    operatorId: row.operator_id,
    ...describeSettlement({ state, code, txId, blockNumber, totalMinor }),
  };
  const parties = { operatorId: row.operator_id, userOperatorId: row.user_operator_id, evId: row.ev_id };
  return { source: 'settlement', seq: BigInt(row.seq), ...parties, entry };
}
