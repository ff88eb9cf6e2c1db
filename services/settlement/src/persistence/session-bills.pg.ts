import type { Bill } from '../reconciliation/session-case.js';
import type { AsOf } from '../reconciliation/session-source.js';
import type { Sql } from './database.js';

interface Row {
  readonly bill_id: string;
  readonly kind: Bill['kind'];
  readonly ev_id: string;
  readonly user_operator_id: string;
  readonly station_id: string;
  readonly operator_id: string;
  readonly started_at: Date;
  readonly ended_at: Date;
  readonly meter_start_wh: string;
  readonly meter_stop_wh: string;
  readonly lines: Bill['lines'];
  readonly total_minor: string;
  readonly content_sha256: string | null;
  readonly refers_to: string;
  readonly session_id: string;
  readonly credited_by: string | null;
  readonly tx_id: string;
  readonly block_number: string;
  readonly final_at: Date;
}

const COLUMNS = `b.bill_id, b.kind, b.ev_id, b.user_operator_id, b.station_id, b.operator_id, b.started_at, b.ended_at, b.meter_start_wh,
  b.meter_stop_wh, b.lines, b.total_minor, b.content_sha256, b.refers_to, b.session_id, b.tx_id, b.block_number, b.final_at`;

/** Everything that the ledger said about the sessions up to a block, in its order; later credit notes do not count. */
export async function caseBills(sql: Sql, sessionIds: readonly string[], asOf: AsOf): Promise<Bill[]> {
  const rows = await sql.rows<Row>(
    `select ${COLUMNS}, n.bill_id as credited_by
     from settlement.bill b left join settlement.bill n on n.bill_id = b.credited_by and n.block_number <= $2
     where b.session_id = any($1) and b.block_number <= $2
     order by b.block_number, b.tx_position, b.bill_id collate "C"`,
    [sessionIds, asOf.block],
  );
  return rows.map(billOf);
}

/** Per session the earlier uncredited bills of another session with the same user, station, start and register. */
export async function caseTwins(
  sql: Sql,
  sessionIds: readonly string[],
  asOf: AsOf,
): Promise<ReadonlyMap<string, readonly Bill[]>> {
  const rows = await sql.rows<Row & { readonly twin_of: string }>(
    `select ${COLUMNS}, null as credited_by, o.session_id as twin_of
     from settlement.bill o join settlement.bill b on b.ev_id = o.ev_id and b.station_id = o.station_id
       and b.started_at = o.started_at and b.meter_start_wh = o.meter_start_wh and b.session_id <> o.session_id
       and (b.block_number, b.tx_position, b.bill_id) < (o.block_number, o.tx_position, o.bill_id)
     where o.session_id = any($1) and o.kind <> 'creditNote' and b.kind <> 'creditNote' and o.block_number <= $2
       and not exists (select from settlement.bill n where n.bill_id = b.credited_by and n.block_number <= $2)
     order by b.block_number, b.tx_position, b.bill_id collate "C"`,
    [sessionIds, asOf.block],
  );
  const twins = new Map<string, Bill[]>();
  for (const row of rows) twins.set(row.twin_of, [...(twins.get(row.twin_of) ?? []), billOf(row)]);
  return twins;
}

function billOf(row: Row): Bill {
  return {
    billId: row.bill_id,
    kind: row.kind,
    evId: row.ev_id,
    userOperatorId: row.user_operator_id,
    stationId: row.station_id,
    operatorId: row.operator_id,
    startMs: row.started_at.getTime(),
    endMs: row.ended_at.getTime(),
    meterStartWh: BigInt(row.meter_start_wh),
    meterStopWh: BigInt(row.meter_stop_wh),
    lines: row.lines,
    totalMinor: BigInt(row.total_minor),
    contentHash: row.content_sha256,
    refersTo: row.refers_to,
    sessionId: row.session_id,
    creditedBy: row.credited_by,
    txId: row.tx_id,
    blockNumber: Number(row.block_number),
    finalAtMs: row.final_at.getTime(),
  };
}
