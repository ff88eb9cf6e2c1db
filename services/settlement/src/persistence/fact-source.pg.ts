import { SETTLEMENT_FACT_VIEW, type SettlementFactRow } from '@tallywatt/contracts';
import { FactSource, type SettlementFacts } from '../intake/settlement-facts.js';
import type { Sql } from './database.js';
import { bigintOrNull } from './sql-values.js';

const COLUMNS = `settlement_id, revision, change_seq, operator_id, station_id, charge_point_id, connector_id, transaction_id,
  ev_id, user_operator_id, meter_start_wh, meter_stop_wh, readings, started_at, ended_at, evidence_sha256, hold_reason, hold_until`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

type Row = Omit<SettlementFactRow, 'stop_reason' | 'close_kind' | 'created_at'>;

export class PgFactSource extends FactSource {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async since(changeSeq: bigint, limit: number): Promise<SettlementFacts[]> {
    const rows = await this.sql.rows<Row>(
      `select ${COLUMNS} from ${SETTLEMENT_FACT_VIEW} where change_seq > $1 order by change_seq limit $2`,
      [changeSeq, limit],
    );
    return rows.map(factsOf);
  }

  override async byIds(settlementIds: readonly string[]): Promise<SettlementFacts[]> {
    // The column is a uuid: anything else would fail the whole statement, and names no facts.
    const ids = settlementIds.filter((settlementId) => UUID.test(settlementId));
    if (ids.length === 0) return [];
    const rows = await this.sql.rows<Row>(
      `select ${COLUMNS} from ${SETTLEMENT_FACT_VIEW} where settlement_id = any($1) order by change_seq`,
      [ids],
    );
    return rows.map(factsOf);
  }
}

function factsOf(row: Row): SettlementFacts {
  return {
    settlementId: row.settlement_id,
    revision: row.revision,
    changeSeq: BigInt(row.change_seq),
    operatorId: row.operator_id,
    stationId: row.station_id,
    chargePointId: row.charge_point_id,
    connectorId: row.connector_id,
    transactionId: Number(row.transaction_id),
    evId: row.ev_id,
    userOperatorId: row.user_operator_id,
    meterStartWh: BigInt(row.meter_start_wh),
    meterStopWh: bigintOrNull(row.meter_stop_wh),
    readings: row.readings.map(([atMs, registerWh]) => ({ atMs, registerWh: BigInt(registerWh) })),
    startMs: row.started_at.getTime(),
    endMs: row.ended_at.getTime(),
    evidenceSha256: row.evidence_sha256,
    holdReason: row.hold_reason,
    holdUntilMs: row.hold_until?.getTime() ?? null,
  };
}
