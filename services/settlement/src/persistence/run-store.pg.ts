import type { RunResult } from '../reconciliation/run-result.js';
import { type Run, RunStore } from '../reconciliation/run-store.js';
import type { Period } from '../reconciliation/session-source.js';
import type { Sql } from './database.js';
import { instantText } from './sql-values.js';

interface Row {
  readonly reconciliation_id: string;
  readonly operator_id: string | null;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly as_of_block: string;
  readonly as_of: Date;
  readonly result: RunResult | null;
}
const COLUMNS = 'reconciliation_id, operator_id, from_at, to_at, as_of_block, as_of, result';

export class PgRunStore extends RunStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async create(run: Omit<Run, 'result'>, requestedBy: string, nowMs: number): Promise<void> {
    await this.sql.rows(
      `insert into settlement.reconciliation
         (reconciliation_id, operator_id, from_at, to_at, as_of_block, as_of, state, requested_by, created_at)
       values ($1, $2, $3, $4, $5, $6, 'running', $7, $8)`,
      [
        run.reconciliationId,
        run.operatorId,
        instantText(run.fromMs),
        instantText(run.toMs),
        run.asOf.block,
        instantText(run.asOf.ms),
        requestedBy,
        instantText(nowMs),
      ],
    );
  }

  override async run(reconciliationId: string): Promise<Run | undefined> {
    const [row] = await this.sql.rows<Row>(
      `select ${COLUMNS} from settlement.reconciliation where reconciliation_id = $1`,
      [reconciliationId],
    );
    return row === undefined ? undefined : runOf(row);
  }

  override async lastAsOfMs(period: Period, block: number): Promise<number | undefined> {
    const [row] = await this.sql.rows<{ as_of: Date }>(
      `select as_of from settlement.reconciliation
       where from_at = $1 and to_at = $2 and as_of_block = $3 and operator_id is not distinct from $4
       order by created_at desc, reconciliation_id limit 1`,
      [instantText(period.fromMs), instantText(period.toMs), block, period.operatorId],
    );
    return row?.as_of.getTime();
  }

  override async running(): Promise<Run[]> {
    const rows = await this.sql.rows<Row>(
      `select ${COLUMNS} from settlement.reconciliation where state = 'running' order by created_at`,
    );
    return rows.map(runOf);
  }

  override async done(reconciliationId: string, result: RunResult, nowMs: number): Promise<void> {
    await this.sql.rows(
      `update settlement.reconciliation set state = 'done', result = $2, done_at = $3 where reconciliation_id = $1`,
      [reconciliationId, JSON.stringify(result), instantText(nowMs)],
    );
  }

  override async mark(): Promise<number> {
    const [row] = await this.sql.rows<{ next_block: string }>('select next_block from settlement.reconciliation_mark');
    return Number(row?.next_block ?? 0);
  }

  override async moveMark(nextBlock: number, nowMs: number): Promise<void> {
    await this.sql.rows(
      'update settlement.reconciliation_mark set next_block = greatest(next_block, $1), checked_at = $2',
      [nextBlock, instantText(nowMs)],
    );
  }
}

function runOf(row: Row): Run {
  return {
    reconciliationId: row.reconciliation_id,
    operatorId: row.operator_id,
    fromMs: row.from_at.getTime(),
    toMs: row.to_at.getTime(),
    asOf: { block: Number(row.as_of_block), ms: row.as_of.getTime() },
    result: row.result,
  };
}
