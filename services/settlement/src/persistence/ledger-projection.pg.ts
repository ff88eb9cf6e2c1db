import type { LedgerChanges } from '../events/ledger-changes.js';
import { ProjectionGapError, ProjectionStore } from '../events/projection-store.js';
import { reach } from '../failpoint.js';
import { applyAccounts } from './account-projection.pg.js';
import { applyBills } from './bill-projection.pg.js';
import type { Database, Sql } from './database.js';
import { applyEndorsements, applyGovernance } from './governance-projection.pg.js';
import { applyMovements } from './movement-projection.pg.js';
import { instantText } from './sql-values.js';
import { applyStationMoney, applyStations } from './station-projection.pg.js';
import { appendSteps } from './steps.pg.js';
import { applyVerdicts } from './verdict.pg.js';

export class PgProjectionStore extends ProjectionStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async nextBlock(): Promise<bigint> {
    const [row] = await this.database.rows<{ next_block: string }>(
      'select next_block from settlement.ledger_checkpoint',
    );
    return BigInt(row?.next_block ?? 0);
  }

  override async apply(changes: LedgerChanges, nowMs: number, retryAtMs: (attempt: number) => number): Promise<void> {
    await this.database.transaction(async (sql) => {
      await moveCheckpoint(sql, changes);
      await applyGovernance(sql, changes);
      await applyStations(sql, changes);
      const evBalancesMinor = await applyAccounts(sql, changes);
      const stationBalancesMinor = await applyStationMoney(sql, changes);
      await applyBills(sql, changes);
      reach('projectionHalf');
      await applyMovements(sql, changes);
      await applyEndorsements(sql, changes);
      await addToSupply(sql, changes, evBalancesMinor, stationBalancesMinor);
      await appendSteps(sql, await applyVerdicts(sql, changes, nowMs, retryAtMs), nowMs);
    });
  }
}

/** Locks the checkpoint's row for the rest of the transaction: one listener at a time, and each block once. */
async function moveCheckpoint(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = await sql.rows(
    `update settlement.ledger_checkpoint set next_block = $2, last_hash = $3, committed_at = $4 where next_block = $1 returning 1`,
    [changes.firstBlock, changes.lastBlock + 1n, changes.lastHash, instantText(changes.committedAtMs)],
  );
  if (rows.length !== 1) throw new ProjectionGapError(`block ${changes.firstBlock} does not continue the projection`);
}

/** Conservation: what moved on the accounts, beside what came in and went out. */
async function addToSupply(sql: Sql, changes: LedgerChanges, evMinor: bigint, stationMinor: bigint): Promise<void> {
  const sums = { deposit: 0n, payOut: 0n, refund: 0n };
  for (const { record } of changes.movements) sums[record.kind] += record.amountMinor;
  const deltas = [evMinor, stationMinor, sums.deposit, sums.payOut, sums.refund];
  if (deltas.every((delta) => delta === 0n)) return;
  await sql.rows(
    `update settlement.supply set ev_balances_minor = ev_balances_minor + $1, station_balances_minor = station_balances_minor + $2,
       deposits_minor = deposits_minor + $3, pay_outs_minor = pay_outs_minor + $4, refunds_minor = refunds_minor + $5`,
    deltas,
  );
}
