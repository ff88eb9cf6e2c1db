import { SETTLEMENT_FACT_VIEW } from '@tallywatt/contracts';
import type { SessionCase } from '../reconciliation/session-case.js';
import { type AsOf, type BillPosition, type Period, SessionSource } from '../reconciliation/session-source.js';
import type { Database, Sql } from './database.js';
import { loadCases } from './session-cases.pg.js';
import { instantText } from './sql-values.js';

/** Sessions in memory at once. */
const PAGE_SIZE = 500;

/**
 * Whoever knows of a session in the period. A newer revision of facts was there in another form before, so its time of
 * writing says nothing.
 */
const SESSION_IDS = `
  select id from (
    select settlement_id::text as id from ${SETTLEMENT_FACT_VIEW}
      where ended_at >= $1 and ended_at < $2 and ($3::text is null or operator_id = $3) and (created_at <= $4 or revision > 1)
    union
    select settlement_id from settlement.settlement
      where ended_at >= $1 and ended_at < $2 and ($3::text is null or operator_id = $3) and claimed_at <= $4 and replaces is null
    union
    select session_id from settlement.bill
      where ended_at >= $1 and ended_at < $2 and ($3::text is null or operator_id = $3) and block_number <= $5
  ) known order by id collate "C"`;

export class PgSessionSource extends SessionSource {
  constructor(private readonly database: Database) {
    super();
  }

  override async ofPeriod(
    period: Period,
    asOf: AsOf,
    each: (page: readonly SessionCase[]) => Promise<void>,
  ): Promise<void> {
    await this.database.transaction(async (sql) => {
      await sql.rows('set transaction isolation level repeatable read read only');
      await sql.rows(`declare sessions no scroll cursor for ${SESSION_IDS}`, [
        instantText(period.fromMs),
        instantText(period.toMs),
        period.operatorId,
        instantText(asOf.ms),
        asOf.block,
      ]);
      for (let ids = await nextIds(sql); ids.length > 0; ids = await nextIds(sql))
        await each(await loadCases(sql, ids, asOf));
    });
  }

  override byIds(sessionIds: readonly string[], asOf: AsOf): Promise<SessionCase[]> {
    return loadCases(this.database, sessionIds, asOf);
  }

  override async billed(
    after: BillPosition,
    toBlock: number,
    limit: number,
  ): Promise<{ readonly sessionIds: readonly string[]; readonly last: BillPosition | undefined }> {
    const rows = await this.database.rows<{ session_id: string; block_number: string; bill_id: string }>(
      `select session_id, block_number, bill_id from settlement.bill
       where (block_number, bill_id) > ($1::bigint, $2) and block_number <= $3 order by block_number, bill_id limit $4`,
      [after.block, after.billId, toBlock, limit],
    );
    const last = rows.at(-1);
    return {
      sessionIds: [...new Set(rows.map((row) => row.session_id))],
      last: last === undefined ? undefined : { block: Number(last.block_number), billId: last.bill_id },
    };
  }

  override async overdue(beforeMs: number, limit: number): Promise<string[]> {
    const rows = await this.database.rows<{ settlement_id: string }>(
      `select settlement_id from settlement.settlement
       where state in ('pending', 'prepared', 'submitted', 'invalid') and updated_at < $1 and replaces is null
       order by updated_at limit $2`,
      [instantText(beforeMs), limit],
    );
    return rows.map((row) => row.settlement_id);
  }
}

async function nextIds(sql: Sql): Promise<string[]> {
  const rows = await sql.rows<{ id: string }>(`fetch ${PAGE_SIZE} from sessions`);
  return rows.map((row) => row.id);
}
