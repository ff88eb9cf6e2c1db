import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgLedgerStore } from '../../persistence/ledger-store.pg.js';
import { openEmbeddedLedger, playEverything } from '../../testing/ledger-scene.js';
import { createSettlementDatabase, type SettlementDatabase } from '../../testing/test-database.js';
import { dataHash, headerHash } from '../block-chain.js';
import { decodeEnvelope, encodeEnvelope, type Envelope } from '../envelope.js';
import { parseCommand, UsageError, verifyCommand } from './verify-command.js';
import { verifyLedger } from './verify-ledger.js';
import type { LedgerBreakKind, VerifyReport } from './verify-report.js';

/** A real database on a busy machine. */
jest.setTimeout(60_000);

const TABLES = ['ledger_block', 'ledger_transaction', 'ledger_state'];
const silent = { nowMs: () => 0, progress: () => undefined };
let db: SettlementDatabase;
let store: PgLedgerStore;

const verify = (): Promise<VerifyReport> => verifyLedger(store, silent);
const sql = (text: string, values: unknown[] = []): Promise<unknown> => db.owner.query(text, values);

async function restore(): Promise<void> {
  await sql(`truncate ${TABLES.map((table) => `settlement.${table}`).join(', ')}`);
  for (const table of TABLES) await sql(`insert into settlement.${table} select * from public.${table}`);
}

/** What somebody with the database's password could do: change a transaction and make every hash fit again. */
async function rewriteChain(fn: string, change: (envelope: Envelope) => Envelope): Promise<void> {
  let previousHash: string | undefined;
  let changed = 0;
  for (const block of await store.blocks(0n, 1_000)) {
    const transactions = block.transactions.map((transaction) => {
      const envelope = decodeEnvelope(transaction.bytes);
      if (envelope.fn !== fn || changed > 0) return transaction;
      changed++;
      return { ...transaction, bytes: encodeEnvelope(change(envelope)) };
    });
    const header = { ...block, previousHash: previousHash ?? block.previousHash, dataHash: dataHash(transactions) };
    previousHash = headerHash(header);
    await sql('update settlement.ledger_block set previous_hash = $2, data_hash = $3, hash = $4 where number = $1', [
      block.number.toString(),
      header.previousHash,
      header.dataHash,
      previousHash,
    ]);
    for (const { txId, bytes } of transactions)
      await sql('update settlement.ledger_transaction set bytes = $2 where tx_id = $1', [txId, Buffer.from(bytes)]);
  }
  expect(changed).toBe(1);
}

const replaceInWrites =
  (from: string, to: string) =>
  (envelope: Envelope): Envelope => ({
    ...envelope,
    writes: envelope.writes.map(([key, value]) => [key, value?.replace(from, to) ?? null]),
  });

beforeAll(async () => {
  db = await createSettlementDatabase();
  store = new PgLedgerStore(db.database);
  const ledger = openEmbeddedLedger(store);
  await playEverything(ledger);
  await ledger.stop();
  for (const table of TABLES) await sql(`create table public.${table} as table settlement.${table}`);
});
afterEach(restore);
afterAll(() => db.drop());

describe('a ledger that nobody touched', () => {
  it('verifies, and everything in it was counted', async () => {
    expect(await verify()).toMatchObject({
      breaksFound: 0,
      breaks: [],
      bills: 5,
      creditNotes: 1,
      accounts: 2,
      stations: 1,
      depositsMinor: '7500',
      payOutsMinor: '1200',
      refundsMinor: '300',
      evBalancesMinor: '3700',
      stationBalancesMinor: '2300',
    });
  });

  it('verifies when it is empty', async () => {
    await sql(`truncate ${TABLES.map((table) => `settlement.${table}`).join(', ')}`);
    expect(await verify()).toMatchObject({ blocks: 0, breaksFound: 0 });
  });
});

describe('planted corruption', () => {
  const bytesOf = (fn: string): string =>
    `(select tx_id from settlement.ledger_transaction where position('"fn":"${fn}"'::bytea in bytes) > 0 order by block_number limit 1)`;

  it.each<[string, string, LedgerBreakKind]>([
    [
      'an edited link',
      `update settlement.ledger_block set previous_hash = repeat('1', 64) where number = 5`,
      'LINK_BROKEN',
    ],
    [
      'an edited hash',
      `update settlement.ledger_block set hash = repeat('1', 64) where number = 5`,
      'BLOCK_HASH_WRONG',
    ],
    [
      'an edited time',
      'update settlement.ledger_block set committed_at = committed_at - 3600000 where number = 5',
      'TIME_RUNS_BACKWARDS',
    ],
    [
      'an edited transaction',
      `update settlement.ledger_transaction set bytes = set_byte(bytes, 20, 48) where block_number = 5`,
      'DATA_HASH_WRONG',
    ],
    [
      'a truncated transaction',
      `update settlement.ledger_transaction set bytes = substr(bytes, 1, 20) where block_number = 5`,
      'TRANSACTION_MALFORMED',
    ],
    [
      'another txId',
      `update settlement.ledger_transaction set tx_id = repeat('1', 64) where block_number = 5`,
      'TRANSACTION_ID_WRONG',
    ],
    [
      'a verdict turned',
      `update settlement.ledger_transaction set code = 'MVCC_READ_CONFLICT' where tx_id = ${bytesOf('PayOut')}`,
      'VERDICT_WRONG',
    ],
    [
      'a missing block',
      'with gone as (delete from settlement.ledger_transaction where block_number = 5) delete from settlement.ledger_block where number = 5',
      'BLOCK_MISSING',
    ],
    [
      'a tail cut off',
      'with gone as (delete from settlement.ledger_transaction where block_number >= 15) delete from settlement.ledger_block where number >= 15',
      'STATE_WRONG',
    ],
    [
      'an edited state row',
      `update settlement.ledger_state set value = '[1,"TELD","999999",0,0,0,0]' where key = '\\x004100' || 'EV-1'::bytea || '\\x00'`,
      'STATE_WRONG',
    ],
    ['an edited version', 'update settlement.ledger_state set block_number = block_number + 1', 'STATE_WRONG'],
    [
      'a removed state row',
      `delete from settlement.ledger_state where key = '\\x004100' || 'EV-1'::bytea || '\\x00'`,
      'STATE_MISSING',
    ],
    [
      'a planted state row',
      `insert into settlement.ledger_state values ('\\x004100' || 'EV-9'::bytea || '\\x00', '[1,"TELD","5",0,0,0,0]', 1, 0)`,
      'STATE_UNKNOWN',
    ],
  ])('%s is found', async (_name, statement, kind) => {
    await sql(
      'alter table settlement.ledger_transaction drop constraint if exists ledger_transaction_block_number_fkey',
    );
    await sql(statement);
    const report = await verify();
    expect(report.breaks.map((found) => found.kind)).toContain(kind);
  });

  it.each<[string, string, (envelope: Envelope) => Envelope, LedgerBreakKind]>([
    ['a bill of another total', 'SettleBatch', replaceInWrites('10000,"1000",', '10000,"100",'), 'BILL_WRONG'],
    ['a bill of less energy', 'SettleBatch', replaceInWrites('1000,10000,', '1000,9000,'), 'BILL_WRONG'],
    [
      'a balance that no entry explains',
      'SettleBatch',
      replaceInWrites('[1,"TELD","500",', '[1,"TELD","5000",'),
      'ACCOUNT_WRONG',
    ],
    ['a credit award too many', 'SettleBatch', replaceInWrites('"500",2,2', '"500",3,3'), 'ACCOUNT_WRONG'],
    ['a station paid too much', 'SettleBatch', replaceInWrites('[1,"3000"]', '[1,"4000"]'), 'NOT_CONSERVED'],
    ['a deposit that nobody made', 'Deposit', replaceInWrites('"EV-1","2500"', '"EV-1","9500"'), 'NOT_CONSERVED'],
    [
      'a pay-out that is not recorded',
      'PayOut',
      (envelope) => ({ ...envelope, writes: envelope.writes.slice(0, 1) }),
      'STATION_WRONG',
    ],
    ['a damaged record', 'Deposit', replaceInWrites('[1,', '[9,'), 'RECORD_MALFORMED'],
    ['a credit note of another amount', 'IssueCreditNote', replaceInWrites('"-1000",', '"-900",'), 'BILL_WRONG'],
    [
      'a deleted bill',
      'RateBatch',
      (envelope) => ({ ...envelope, writes: [...envelope.writes, ['\u0000I\u0000s-1\u0000', null]] }),
      'RECORD_EDITED',
    ],
  ])('%s is found although every hash fits', async (_name, fn, change, kind) => {
    await rewriteChain(fn, change);
    const kinds = (await verify()).breaks.map((found) => found.kind);
    expect(kinds).toContain(kind);
    expect(kinds).not.toContain('DATA_HASH_WRONG');
    expect(kinds).not.toContain('LINK_BROKEN');
  });
});

describe('npm run ledger -- verify', () => {
  const lines: string[] = [];
  const output = { line: (text: string) => lines.push(text), progress: (text: string) => lines.push(text) };

  it('exits with 0, shows progress and writes JSON', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ledger-verify-'));
    const json = join(folder, 'report.json');
    expect(await verifyCommand(store, { json }, () => 0, output)).toBe(0);
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ breaksFound: 0, bills: 5 });
    expect(lines.some((line) => line.startsWith('blocks: '))).toBe(true);
    await rm(folder, { recursive: true });
  });

  it('exits with 1 and names the break', async () => {
    await sql(`update settlement.ledger_block set hash = repeat('1', 64) where number = 5`);
    expect(await verifyCommand(store, { json: undefined }, () => 0, output)).toBe(1);
    expect(lines.some((line) => line.startsWith('BREAK BLOCK_HASH_WRONG block 5'))).toBe(true);
  });

  it.each([[[]], [['check']], [['verify', '--jsn', 'x']], [['verify', 'more']]])('refuses %j', (args) => {
    expect(() => parseCommand(args)).toThrow(UsageError);
  });
});
