import type { SettlementState } from '@tallywatt/contracts';
import type { Sql } from './database.js';
import { instantText, recordset } from './sql-values.js';

/** Held from the first step of a transaction to its commit, so that steps become visible in the order of their seq. */
const STEP_ORDER_LOCK = 7_411_102;

/** One change of state, for the trail and the live log. */
export interface Step {
  readonly settlementId: string;
  readonly state: SettlementState;
  readonly code?: string | null;
  readonly txId?: string | null;
  readonly blockNumber?: bigint | null;
  readonly totalMinor?: bigint | string | null;
}

/**
 * Appends steps; the last statement of its transaction, because it holds the order lock until the commit. The lock is
 * taken in the same round trip: a row's seq is drawn after the join that gives the row, and that join waits for the lock.
 */
export async function appendSteps(sql: Sql, steps: readonly Step[], nowMs: number): Promise<void> {
  if (steps.length === 0) return;
  await sql.rows(
    `with in_order as materialized (select pg_advisory_xact_lock($3) as taken)
     insert into settlement.step (settlement_id, state, code, tx_id, block_number, total_minor, at)
     select s.settlement_id, s.state, s.code, s.tx_id, s.block_number, s.total_minor, $2
     from in_order, rows from (jsonb_to_recordset($1) as
       (settlement_id text, state text, code text, tx_id text, block_number bigint, total_minor bigint)) with ordinality s
     order by s.ordinality`,
    [recordset(steps.map(stepRow)), instantText(nowMs), STEP_ORDER_LOCK],
  );
}

function stepRow(step: Step): object {
  return {
    settlement_id: step.settlementId,
    state: step.state,
    code: step.code ?? null,
    tx_id: step.txId ?? null,
    block_number: step.blockNumber?.toString() ?? null,
    total_minor: step.totalMinor?.toString() ?? null,
  };
}
