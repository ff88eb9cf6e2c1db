import { decodeCursor } from '../operations/page-cursor.js';
import type { PageRequest, Rows } from '../operations/paging.js';
import {
  type BreakDecision,
  type BreakFilter,
  BreakRepository,
  type BreakRow,
} from '../reconciliation/break.repository.js';
import type { FoundBreak } from '../reconciliation/found-break.js';
import type { Database } from './database.js';
import { SqlFilter } from './sql-filter.js';
import { readPage } from './sql-pages.js';
import { instantText } from './sql-values.js';

const COLUMNS = `b.break_id as "breakId", b.type, b.settlement_id as "settlementId", b.operator_id as "operatorId", b.state,
  b.evidence, b.job, b.bill,
  coalesce((select jsonb_agg(jsonb_build_object('at', to_char(c.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'by', c.by,
    'text', c.text) order by c.seq) from settlement.break_comment c where c.break_id = b.break_id), '[]') as comments`;

export class PgBreakRepository extends BreakRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async save(reconciliationId: string | null, found: readonly FoundBreak[], nowMs: number): Promise<number> {
    if (found.length === 0) return 0;
    return this.database.transaction(async (sql) => {
      const rows = found.map((one) => ({
        break_id: one.breakId,
        type: one.type,
        settlement_id: one.settlementId,
        operator_id: one.operatorId,
        evidence: one.evidence,
        job: one.job,
        bill: one.bill,
      }));
      // Sorted, so that two runs at once never wait for each other in a circle.
      const saved = await sql.rows<{ is_new: boolean }>(
        `insert into settlement.break as b (break_id, type, settlement_id, operator_id, evidence, job, bill, found_at)
         select break_id, type, settlement_id, operator_id, evidence, job, bill, $2
         from jsonb_to_recordset($1) as f(break_id uuid, type text, settlement_id text, operator_id text, evidence jsonb, job jsonb, bill jsonb)
         order by break_id
         on conflict (break_id) do update set evidence = excluded.evidence, job = excluded.job, bill = excluded.bill
         returning b.xmax = 0 as is_new`,
        [JSON.stringify(rows), instantText(nowMs)],
      );
      if (reconciliationId !== null) {
        await sql.rows(
          `insert into settlement.reconciliation_break (reconciliation_id, break_id)
           select $1, unnest($2::uuid[]) on conflict do nothing`,
          [reconciliationId, found.map((one) => one.breakId)],
        );
      }
      return saved.filter((row) => row.is_new).length;
    });
  }

  override async clear(reconciliationId: string): Promise<void> {
    await this.database.rows('delete from settlement.reconciliation_break where reconciliation_id = $1', [
      reconciliationId,
    ]);
  }

  override ofRun(reconciliationId: string, filter: BreakFilter, page: PageRequest): Promise<Rows<BreakRow>> {
    return readPage<BreakRow>(this.database, {
      select: COLUMNS,
      from: 'settlement.break b join settlement.reconciliation_break r using (break_id)',
      filter: new SqlFilter()
        .add('r.reconciliation_id = ?', reconciliationId)
        .addIf('b.type = ?', filter.type)
        .addIf('b.state = ?', filter.state),
      order: ['b.settlement_id', 'b.type', 'b.break_id::text'],
      direction: 'asc',
      after: { key: decodeCursor(page.cursor, 3), casts: ['text', 'text', 'text'] },
      limit: page.limit,
      count: page.count === true,
    });
  }

  override async find(breakId: string): Promise<BreakRow | undefined> {
    const [row] = await this.database.rows<BreakRow>(
      `select ${COLUMNS} from settlement.break b where b.break_id = $1`,
      [breakId],
    );
    return row;
  }

  override async decide({ breakId, state, comment, by }: BreakDecision, nowMs: number): Promise<void> {
    await this.database.transaction(async (sql) => {
      await sql.rows('update settlement.break set state = $2 where break_id = $1', [breakId, state]);
      await sql.rows(
        'insert into settlement.break_comment (break_id, state, text, by, at) values ($1, $2, $3, $4, $5)',
        [breakId, state, comment, by, instantText(nowMs)],
      );
    });
  }
}
