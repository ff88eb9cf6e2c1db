import { SETTLEMENT_FACT_VIEW, type SettlementFactRow } from '@tallywatt/contracts';
import type { Evidence } from '../reconciliation/session-case.js';
import type { AsOf } from '../reconciliation/session-source.js';
import type { Sql } from './database.js';
import { bigintOrNull, instantText } from './sql-values.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Row = Omit<SettlementFactRow, 'stop_reason' | 'close_kind' | 'hold_until'> & {
  readonly corrected_wh: string | null;
};

/** Facts of the sessions; the register that a person corrected takes the place of the pile's. */
export async function caseEvidence(
  sql: Sql,
  ids: readonly string[],
  asOf: AsOf,
): Promise<ReadonlyMap<string, Evidence>> {
  const rows = await sql.rows<Row>(
    `select f.settlement_id, f.revision, f.operator_id, f.station_id, f.ev_id, f.user_operator_id, f.meter_start_wh, f.meter_stop_wh,
       f.readings, f.started_at, f.ended_at, f.evidence_sha256, f.hold_reason, f.created_at, d.meter_stop_wh as corrected_wh
     from ${SETTLEMENT_FACT_VIEW} f
     left join lateral (
       select meter_stop_wh from settlement.settlement_decision
       where settlement_id = f.settlement_id::text and decision = 'correct' and decided_at <= $2
       order by decision_id desc limit 1) d on true
     where f.settlement_id = any($1) and (f.created_at <= $2 or f.revision > 1)`,
    [ids.filter((id) => UUID.test(id)), instantText(asOf.ms)],
  );
  return new Map(rows.map((row) => [row.settlement_id, evidenceOf(row)]));
}

function evidenceOf(row: Row): Evidence {
  return {
    evId: row.ev_id,
    userOperatorId: row.user_operator_id,
    stationId: row.station_id,
    operatorId: row.operator_id,
    startMs: row.started_at.getTime(),
    endMs: row.ended_at.getTime(),
    meterStartWh: BigInt(row.meter_start_wh),
    meterStopWh: bigintOrNull(row.corrected_wh ?? row.meter_stop_wh),
    revision: row.revision,
    readings: row.readings.map(([atMs, registerWh]) => ({ atMs, registerWh: BigInt(registerWh) })),
    evidenceSha256: row.evidence_sha256,
    holdReason: row.hold_reason,
    createdAtMs: row.created_at.getTime(),
  };
}
