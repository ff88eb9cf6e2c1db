import type { AccountRecord } from '@tallywatt/contracts';
import { isBlocked } from '@tallywatt/domain';
import type { LedgerChanges } from '../events/ledger-changes.js';
import type { Sql } from './database.js';
import { recordset } from './sql-values.js';

/** Accounts as the blocks left them. @returns by how much the sum of their balances changed. */
export async function applyAccounts(sql: Sql, changes: LedgerChanges): Promise<bigint> {
  const newest = [...changes.parameters.values()].at(-1);
  if (changes.accounts.size === 0 && newest === undefined) return 0n;
  const minCreditE6 = await currentMinCreditE6(sql);
  const changedMinor = changes.accounts.size === 0 ? 0n : await saveAccounts(sql, changes, minCreditE6);
  // Another R_min may block or free drivers who did not do anything.
  if (newest !== undefined) await reviseBlocked(sql, minCreditE6);
  return changedMinor;
}

async function currentMinCreditE6(sql: Sql): Promise<bigint> {
  const [row] = await sql.rows<{ min_credit_e6: string }>(
    'select min_credit_e6 from settlement.parameters order by version desc limit 1',
  );
  return BigInt(row?.min_credit_e6 ?? 0);
}

async function saveAccounts(sql: Sql, changes: LedgerChanges, minCreditE6: bigint): Promise<bigint> {
  const rows = [...changes.accounts.values()].map(({ record, place }) =>
    accountRow(record, place.blockNumber, minCreditE6),
  );
  // All parts of one statement see the balances as they were before it.
  const [sum] = await sql.rows<{ changed: string }>(
    `with incoming as (
       select * from jsonb_to_recordset($1) as a(ev_id text, operator_id text, balance_minor bigint, credit_sum bigint,
         credit_count bigint, arrears bigint, blocked boolean, frozen boolean, block_number bigint)),
     before as (select a.balance_minor from settlement.account a join incoming using (ev_id)),
     saved as (
       insert into settlement.account (ev_id, operator_id, balance_minor, credit_sum, credit_count, arrears, blocked, frozen, change_seq, block_number)
       select ev_id, operator_id, balance_minor, credit_sum, credit_count, arrears, blocked, frozen,
         nextval('settlement.account_change_seq'), block_number from incoming
       on conflict (ev_id) do update set operator_id = excluded.operator_id, balance_minor = excluded.balance_minor,
         credit_sum = excluded.credit_sum, credit_count = excluded.credit_count, arrears = excluded.arrears,
         blocked = excluded.blocked, frozen = excluded.frozen, change_seq = excluded.change_seq, block_number = excluded.block_number)
     select (select sum(balance_minor) from incoming) - coalesce((select sum(balance_minor) from before), 0) as changed`,
    [recordset(rows)],
  );
  return BigInt(sum?.changed ?? 0);
}

function accountRow(record: AccountRecord, blockNumber: bigint, minCreditE6: bigint): object {
  return {
    ev_id: record.evId,
    operator_id: record.operatorId,
    balance_minor: record.balanceMinor.toString(),
    credit_sum: record.creditSum,
    credit_count: record.creditCount,
    arrears: record.arrears,
    blocked: isBlocked(record, minCreditE6),
    frozen: record.frozen,
    block_number: blockNumber.toString(),
  };
}

async function reviseBlocked(sql: Sql, minCreditE6: bigint): Promise<void> {
  const accounts = await sql.rows<{ ev_id: string; credit_sum: string; credit_count: string; blocked: boolean }>(
    'select ev_id, credit_sum, credit_count, blocked from settlement.account',
  );
  const wrong = accounts.filter(
    (account) =>
      account.blocked !==
      isBlocked({ creditSum: Number(account.credit_sum), creditCount: Number(account.credit_count) }, minCreditE6),
  );
  if (wrong.length === 0) return;
  await sql.rows(
    `update settlement.account set blocked = not blocked, change_seq = nextval('settlement.account_change_seq') where ev_id = any($1)`,
    [wrong.map((account) => account.ev_id)],
  );
}
