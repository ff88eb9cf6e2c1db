import type { LedgerChanges, TransactionEnd } from '../events/ledger-changes.js';
import type { Sql } from './database.js';
import { instantText, recordset } from './sql-values.js';
import type { Step } from './steps.pg.js';

/** A transaction that a block refused for these lost a race: its settlements go again. */
const LOST_RACE = new Set(['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT']);
/** Other refusals in a block (a policy that changed while it was under way) may pass; after so many attempts a person looks. */
export const REFUSED_ATTEMPTS_MAX = 5;

interface SettledRow {
  readonly settlement_id: string;
  readonly tx_id: string;
  readonly block_number: string;
  readonly total_minor: string;
}

interface ReturnedRow {
  readonly settlement_id: string;
  readonly code: string;
  readonly tx_id: string;
  readonly state: 'pending' | 'invalid';
  readonly attempt: number;
  readonly total_minor: string;
}

/**
 * Own transactions and their settlements: verdicts of blocks → final, invalid(code), or a new attempt.
 * @returns the steps to append.
 */
export async function applyVerdicts(
  sql: Sql,
  changes: LedgerChanges,
  nowMs: number,
  retryAtMs: (attempt: number) => number,
): Promise<Step[]> {
  const own = await endTransactions(sql, changes.transactions, nowMs);
  return [
    ...(await finalize(sql, changes.transactions, nowMs)),
    ...(await reject(sql, changes.transactions, nowMs)),
    ...(await sendBack(
      sql,
      own.filter((end) => !end.valid),
      nowMs,
      retryAtMs,
    )),
  ];
}

/** @returns those of the transactions that are ours. */
async function endTransactions(sql: Sql, ends: readonly TransactionEnd[], nowMs: number): Promise<TransactionEnd[]> {
  if (ends.length === 0) return [];
  const rows = await sql.rows<{ tx_id: string }>(
    `update settlement.outgoing_transaction t set state = case when e.valid then 'valid' else 'invalid' end,
       code = e.code, block_number = e.block_number, verdict_at = $2
     from jsonb_to_recordset($1) as e(tx_id text, valid boolean, code text, block_number bigint)
     where t.tx_id = e.tx_id returning t.tx_id`,
    [
      recordset(
        ends.map((end) => ({
          tx_id: end.txId,
          valid: end.valid,
          code: end.code,
          block_number: end.blockNumber.toString(),
        })),
      ),
      instantText(nowMs),
    ],
  );
  const own = new Set(rows.map((row) => row.tx_id));
  return ends.filter((end) => own.has(end.txId));
}

/** The ledger is the truth about money: what it settled is final, whatever the row said. A duplicate points to its bill. */
async function finalize(sql: Sql, ends: readonly TransactionEnd[], nowMs: number): Promise<Step[]> {
  const settled = itemsOf(
    ends,
    (end, verdict) => end.fn === 'SettleBatch' && (verdict === 'settled' || verdict === 'duplicate'),
  );
  if (settled.length === 0) return [];
  const rows = await sql.rows<SettledRow>(
    `update settlement.settlement s set state = 'final', code = null, tx_id = b.tx_id, block_number = b.block_number,
       final_at = b.final_at, total_minor = coalesce(s.total_minor, b.total_minor), updated_at = $2
     from settlement.bill b
     where b.bill_id = any($1) and s.settlement_id = b.bill_id and s.state <> 'final'
     returning s.settlement_id, s.tx_id, s.block_number, s.total_minor`,
    [settled.map((item) => item.settlementId), instantText(nowMs)],
  );
  return rows.map((row) => ({
    settlementId: row.settlement_id,
    state: 'final',
    txId: row.tx_id,
    blockNumber: BigInt(row.block_number),
    totalMinor: row.total_minor,
  }));
}

/** Refused by the contract for what it is: the same item would be refused again, so a person decides. */
async function reject(sql: Sql, ends: readonly TransactionEnd[], nowMs: number): Promise<Step[]> {
  const refused = itemsOf(
    ends,
    (end, verdict) => end.fn === 'SettleBatch' && (verdict === 'rejected' || verdict === 'conflict'),
  );
  if (refused.length === 0) return [];
  const rows = await sql.rows<SettledRow & { readonly code: string }>(
    `update settlement.settlement s set state = 'invalid', code = v.code, block_number = v.block_number, updated_at = $2
     from jsonb_to_recordset($1) as v(settlement_id text, tx_id text, code text, block_number bigint)
     where s.settlement_id = v.settlement_id and s.tx_id = v.tx_id and s.state in ('prepared', 'submitted')
     returning s.settlement_id, s.tx_id, s.code, s.block_number, s.total_minor`,
    [
      recordset(
        refused.map((item) => ({
          settlement_id: item.settlementId,
          tx_id: item.txId,
          code: item.code,
          block_number: item.blockNumber.toString(),
        })),
      ),
      instantText(nowMs),
    ],
  );
  return rows.map((row) => ({
    settlementId: row.settlement_id,
    state: 'invalid',
    code: row.code,
    txId: row.tx_id,
    blockNumber: BigInt(row.block_number),
    totalMinor: row.total_minor,
  }));
}

/** The whole transaction counts for nothing: its settlements are pending again, later, under a new txId. */
async function sendBack(
  sql: Sql,
  invalid: readonly TransactionEnd[],
  nowMs: number,
  retryAtMs: (attempt: number) => number,
): Promise<Step[]> {
  if (invalid.length === 0) return [];
  const rows = await sql.rows<{ settlement_id: string; tx_id: string; attempt: number; total_minor: string }>(
    `select settlement_id, tx_id, attempt, total_minor from settlement.settlement
     where tx_id = any($1) and state in ('prepared', 'submitted') for update`,
    [invalid.map((end) => end.txId)],
  );
  if (rows.length === 0) return [];
  const codes = new Map(invalid.map((end) => [end.txId, end]));
  const returned = rows.map((row): ReturnedRow => {
    const code = codes.get(row.tx_id)?.code ?? 'UNKNOWN';
    const again = LOST_RACE.has(code) || row.attempt + 1 < REFUSED_ATTEMPTS_MAX;
    return { ...row, code, attempt: row.attempt + 1, state: again ? 'pending' : 'invalid' };
  });
  await saveReturned(sql, returned, nowMs, retryAtMs);
  return returned.map((row) => ({
    settlementId: row.settlement_id,
    state: 'invalid',
    code: row.code,
    txId: row.tx_id,
    blockNumber: codes.get(row.tx_id)?.blockNumber ?? null,
    totalMinor: row.total_minor,
  }));
}

async function saveReturned(
  sql: Sql,
  returned: readonly ReturnedRow[],
  nowMs: number,
  retryAtMs: (attempt: number) => number,
): Promise<void> {
  // One instant per transaction would do, but settlements that go apart do not meet again.
  const rows = returned.map((row) => ({
    settlement_id: row.settlement_id,
    state: row.state,
    code: row.state === 'invalid' ? row.code : null,
    attempt: row.attempt,
    next_attempt_at: instantText(retryAtMs(row.attempt)),
  }));
  await sql.rows(
    `update settlement.settlement s set state = r.state, code = r.code, attempt = r.attempt, next_attempt_at = r.next_attempt_at,
       tx_id = case when r.state = 'pending' then null else s.tx_id end, updated_at = $2
     from jsonb_to_recordset($1) as r(settlement_id text, state text, code text, attempt int, next_attempt_at timestamptz)
     where s.settlement_id = r.settlement_id`,
    [recordset(rows), instantText(nowMs)],
  );
}

interface EndedItem {
  readonly settlementId: string;
  readonly txId: string;
  readonly code: string;
  readonly blockNumber: bigint;
}

function itemsOf(
  ends: readonly TransactionEnd[],
  fits: (end: TransactionEnd, verdict: string) => boolean,
): EndedItem[] {
  return ends.flatMap((end) =>
    end.items
      .filter((item) => fits(end, item.verdict))
      .map((item) => ({
        settlementId: item.settlementId,
        txId: end.txId,
        code: item.code ?? item.verdict.toUpperCase(),
        blockNumber: end.blockNumber,
      })),
  );
}
