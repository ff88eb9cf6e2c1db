import type { LedgerFunction, SettleLineArgs } from '@tallywatt/contracts';
import {
  BatchStore,
  type InFlightTransaction,
  type PendingSettlement,
  SettlementMovedError,
  type StoredTransaction,
} from '../batching/batch-store.js';
import type { TransactionVerdict } from '../batching/transaction-verdict.js';
import type { Database, Sql } from './database.js';
import { bigintOrNull, instantText } from './sql-values.js';
import { appendSteps } from './steps.pg.js';

interface PendingRow {
  readonly settlement_id: string;
  readonly facts_revision: number;
  readonly operator_id: string;
  readonly station_id: string;
  readonly ev_id: string;
  readonly started_at: Date;
  readonly ended_at: Date;
  readonly meter_start_wh: string;
  readonly meter_stop_wh: string;
  readonly lines: readonly SettleLineArgs[];
  readonly total_minor: string;
  readonly evidence_sha256: string;
  readonly replaces: string | null;
  readonly attempt: number;
  readonly waiting_since: Date;
}

interface MovedRow {
  readonly settlement_id: string;
  readonly total_minor: string | null;
}

export class PgBatchStore extends BatchStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async operatorsWithPending(): Promise<string[]> {
    const rows = await this.database.rows<{ operator_id: string }>(
      `select distinct operator_id from settlement.settlement where state = 'pending' order by operator_id`,
    );
    return rows.map((row) => row.operator_id);
  }

  override async pending(
    operatorId: string,
    exceptEvIds: readonly string[],
    nowMs: number,
    limit: number,
  ): Promise<PendingSettlement[]> {
    const rows = await this.database.rows<PendingRow>(
      `select settlement_id, facts_revision, operator_id, station_id, ev_id, started_at, ended_at, meter_start_wh, meter_stop_wh,
         lines, total_minor, evidence_sha256, replaces, attempt, greatest(claimed_at, next_attempt_at) as waiting_since
       from settlement.settlement
       where state = 'pending' and operator_id = $1 and next_attempt_at <= $2
         and not exists (select from unnest($3::text[]) busy(ev_id) where busy.ev_id = settlement.ev_id)
       order by claim_order limit $4`,
      [operatorId, instantText(nowMs), exceptEvIds, limit],
    );
    return rows.map(pendingOf);
  }

  override async prepared(
    transaction: StoredTransaction,
    settlements: readonly Pick<PendingSettlement, 'settlementId' | 'factsRevision'>[],
    nowMs: number,
  ): Promise<void> {
    await this.database.transaction(async (sql) => {
      await insertTransaction(sql, transaction, nowMs);
      const moved = await markPrepared(sql, transaction.txId, settlements, nowMs);
      if (moved.length !== settlements.length) throw new SettlementMovedError(transaction.txId);
      await appendMoves(sql, moved, 'prepared', transaction.txId, nowMs);
    });
  }

  override async submitted(txId: string, nowMs: number): Promise<void> {
    await this.database.transaction(async (sql) => {
      await sql.rows(
        `update settlement.outgoing_transaction set state = 'submitted', submitted_at = $2 where tx_id = $1 and state = 'prepared'`,
        [txId, instantText(nowMs)],
      );
      const moved = await sql.rows<MovedRow>(
        `update settlement.settlement set state = 'submitted', updated_at = $2
         where tx_id = $1 and state = 'prepared' returning settlement_id, total_minor`,
        [txId, instantText(nowMs)],
      );
      await appendMoves(sql, moved, 'submitted', txId, nowMs);
    });
  }

  override async refused(txId: string, code: string, nowMs: number): Promise<void> {
    await this.database.transaction(async (sql) => {
      await sql.rows(
        `update settlement.outgoing_transaction set state = 'refused', code = $2, verdict_at = $3
         where tx_id = $1 and state in ('prepared', 'submitted')`,
        [txId, code, instantText(nowMs)],
      );
      const moved = await sql.rows<MovedRow>(
        `update settlement.settlement set state = 'invalid', code = $2, updated_at = $3
         where tx_id = $1 and state in ('prepared', 'submitted') returning settlement_id, total_minor`,
        [txId, code, instantText(nowMs)],
      );
      await appendMoves(sql, moved, 'invalid', txId, nowMs, code);
    });
  }

  override async invalid(settlementId: string, code: string, nowMs: number): Promise<void> {
    await this.database.transaction(async (sql) => {
      const moved = await sql.rows<MovedRow>(
        `update settlement.settlement set state = 'invalid', code = $2, updated_at = $3
         where settlement_id = $1 and state = 'pending' returning settlement_id, total_minor`,
        [settlementId, code, instantText(nowMs)],
      );
      await appendMoves(sql, moved, 'invalid', null, nowMs, code);
    });
  }

  override async verdicts(txIds: readonly string[]): Promise<TransactionVerdict[]> {
    const rows = await this.database.rows<{
      tx_id: string;
      state: string;
      code: string | null;
      block_number: string | null;
    }>(
      `select tx_id, state, code, block_number from settlement.outgoing_transaction
       where tx_id = any($1) and state in ('valid', 'invalid', 'refused')`,
      [txIds],
    );
    return rows.map((row) => ({
      txId: row.tx_id,
      valid: row.state === 'valid',
      code: row.code ?? 'UNKNOWN',
      blockNumber: bigintOrNull(row.block_number),
      items: [],
    }));
  }

  override async inFlight(): Promise<InFlightTransaction[]> {
    const rows = await this.database.rows<{
      tx_id: string;
      fn: LedgerFunction;
      msp_id: string;
      bytes: Uint8Array;
      ev_ids: string[];
      prepared_at: Date;
    }>(
      `select tx_id, fn, msp_id, bytes, ev_ids, prepared_at from settlement.outgoing_transaction
       where state in ('prepared', 'submitted') order by prepared_at`,
    );
    return rows.map((row) => ({
      txId: row.tx_id,
      fn: row.fn,
      mspId: row.msp_id,
      bytes: row.bytes,
      evIds: row.ev_ids,
      preparedAtMs: row.prepared_at.getTime(),
    }));
  }
}

async function insertTransaction(sql: Sql, transaction: StoredTransaction, nowMs: number): Promise<void> {
  await sql.rows(
    `insert into settlement.outgoing_transaction (tx_id, fn, msp_id, bytes, ev_ids, state, prepared_at)
     values ($1, $2, $3, $4, $5, 'prepared', $6)`,
    [transaction.txId, transaction.fn, transaction.mspId, transaction.bytes, transaction.evIds, instantText(nowMs)],
  );
}

async function markPrepared(
  sql: Sql,
  txId: string,
  settlements: readonly Pick<PendingSettlement, 'settlementId' | 'factsRevision'>[],
  nowMs: number,
): Promise<MovedRow[]> {
  if (settlements.length === 0) return [];
  return sql.rows<MovedRow>(
    `update settlement.settlement s set state = 'prepared', tx_id = $3, updated_at = $4
     from unnest($1::text[], $2::int[]) p(settlement_id, facts_revision)
     where s.settlement_id = p.settlement_id and s.facts_revision = p.facts_revision and s.state = 'pending'
     returning s.settlement_id, s.total_minor`,
    [
      settlements.map((settlement) => settlement.settlementId),
      settlements.map((settlement) => settlement.factsRevision),
      txId,
      instantText(nowMs),
    ],
  );
}

async function appendMoves(
  sql: Sql,
  moved: readonly MovedRow[],
  state: 'prepared' | 'submitted' | 'invalid',
  txId: string | null,
  nowMs: number,
  code: string | null = null,
): Promise<void> {
  const steps = moved.map((row) => ({
    settlementId: row.settlement_id,
    state,
    txId,
    code,
    totalMinor: row.total_minor,
  }));
  await appendSteps(sql, steps, nowMs);
}

function pendingOf(row: PendingRow): PendingSettlement {
  return {
    settlementId: row.settlement_id,
    factsRevision: row.facts_revision,
    operatorId: row.operator_id,
    stationId: row.station_id,
    evId: row.ev_id,
    startMs: row.started_at.getTime(),
    endMs: row.ended_at.getTime(),
    meterStartWh: BigInt(row.meter_start_wh),
    meterStopWh: BigInt(row.meter_stop_wh),
    lines: row.lines,
    totalMinor: BigInt(row.total_minor),
    evidenceSha256: row.evidence_sha256,
    replaces: row.replaces,
    attempt: row.attempt,
    waitingSinceMs: row.waiting_since.getTime(),
  };
}
