import { CURSOR_NUMBER, cursorPart, decodeCursor } from '../operations/page-cursor.js';
import type { PageRequest, Rows } from '../operations/paging.js';
import {
  type DecisionRow,
  type SettlementFilter,
  SettlementQueries,
  type SettlementRow,
  type StepRow,
} from '../operations/settlement-queries.js';
import type { Visibility } from '../operations/visibility.js';
import type { Sql } from './database.js';
import { SqlFilter } from './sql-filter.js';
import { readPage } from './sql-pages.js';

/** '-infinity' means "at once", which has no date. */
const COLUMNS = `settlement_id as "settlementId", claim_order as "claimOrder", operator_id as "operatorId",
  user_operator_id as "userOperatorId", station_id as "stationId", charge_point_id as "chargePointId", ev_id as "evId", state, code,
  attempt, total_minor as "totalMinor", tx_id as "txId", block_number as "blockNumber",
  case when isfinite(next_attempt_at) and state = 'pending' then next_attempt_at end as "nextAttemptAt", updated_at as "updatedAt"`;

export class PgSettlementQueries extends SettlementQueries {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async settlement(settlementId: string, visibility: Visibility): Promise<SettlementRow | undefined> {
    const filter = visibleSettlements(visibility).add('settlement_id = ?', settlementId);
    const [row] = await this.sql.rows<SettlementRow>(
      `select ${COLUMNS} from settlement.settlement where ${filter.where}`,
      filter.values,
    );
    return row;
  }

  override settlements(
    filter: SettlementFilter,
    visibility: Visibility,
    page: PageRequest,
  ): Promise<Rows<SettlementRow>> {
    const key = decodeCursor(page.cursor, 1);
    return readPage<SettlementRow>(this.sql, {
      select: COLUMNS,
      from: 'settlement.settlement',
      filter: visibleSettlements(visibility)
        .addIf('state = ?', filter.status)
        .addIf('operator_id = ?', filter.operatorId),
      order: ['claim_order'],
      direction: 'desc',
      after: { key: key === undefined ? undefined : [cursorPart(key[0], CURSOR_NUMBER)], casts: ['bigint'] },
      limit: page.limit,
      count: page.count === true,
    });
  }

  override steps(settlementId: string): Promise<StepRow[]> {
    return this.sql.rows<StepRow>(
      `select state, code, tx_id as "txId", block_number as "blockNumber", total_minor as "totalMinor", at
       from settlement.step where settlement_id = $1 order by seq`,
      [settlementId],
    );
  }

  override decisions(settlementId: string): Promise<DecisionRow[]> {
    return this.sql.rows<DecisionRow>(
      `select decision, meter_stop_wh as "meterStopWh", reason, decided_by as "decidedBy", organisation, decided_at as "decidedAt"
       from settlement.settlement_decision where settlement_id = $1 order by decision_id`,
      [settlementId],
    );
  }

  override async countByState(visibility: Visibility): Promise<Readonly<Record<string, number>>> {
    const filter = visibleSettlements(visibility);
    const rows = await this.sql.rows<{ state: string; count: string }>(
      `select state, count(*) as count from settlement.settlement where ${filter.where} group by state order by state`,
      filter.values,
    );
    return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
  }
}

function visibleSettlements(visibility: Visibility): SqlFilter {
  const filter = new SqlFilter();
  switch (visibility.kind) {
    case 'all':
      return filter;
    case 'organisation': {
      const { organisation } = visibility;
      return filter.add('operator_id = ? or user_operator_id = ?', organisation, organisation);
    }
    case 'driver':
      return filter.add('ev_id = ? and user_operator_id = ?', visibility.evId, visibility.organisation);
  }
}
