import type { ChainBlock, ChainTip, ChainTransaction } from '../ledger/block-chain.js';
import { GENESIS_TIP } from '../ledger/block-chain.js';
import type { LedgerView, LedgerWriter, StateChange, StoredEntry, StoredValue } from '../ledger/ledger-store.js';
import { LedgerStore } from '../ledger/ledger-store.js';
import type { CommitStatus } from '../ledger/ledger.port.js';
import type { Database, DatabaseSession, Sql } from './database.js';

/** One writer per database; the number has no meaning, it must only be ours. */
const WRITER_LOCK = 7_411_201;

interface StateRow {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly block_number: string;
  readonly position: number;
}
interface BlockRow {
  readonly number: string;
  readonly previous_hash: string;
  readonly data_hash: string;
  readonly hash: string;
  readonly committed_at: string;
}
interface TransactionRow {
  readonly block_number: string;
  readonly tx_id: string;
  readonly code: string;
  readonly bytes: Buffer;
}
type PlaceRow = Pick<TransactionRow, 'block_number' | 'tx_id' | 'code'>;

/** The embedded ledger in PostgreSQL. */
export class PgLedgerStore extends LedgerStore {
  private readonly view: LedgerView;

  constructor(private readonly database: Database) {
    super();
    this.view = viewOf(database);
  }

  override getMany(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    return this.view.getMany(keys);
  }

  override range(start: string, end: string, limit: number): Promise<readonly StoredEntry[]> {
    return this.view.range(start, end, limit);
  }

  override blocks(from: bigint, limit: number): Promise<readonly ChainBlock[]> {
    return this.view.blocks(from, limit);
  }

  override tip(): Promise<ChainTip> {
    return this.view.tip();
  }

  override snapshot<T>(work: (view: LedgerView) => Promise<T>): Promise<T> {
    return this.database.transaction(async (sql) => {
      await sql.rows('set transaction isolation level repeatable read read only');
      return work(viewOf(sql));
    });
  }

  override async placeOf(txId: string): Promise<CommitStatus | undefined> {
    const [place] = await placesOf(this.database, [txId]);
    return place;
  }

  override async openWriter(): Promise<LedgerWriter | undefined> {
    const session = await this.database.session();
    const [row] = await session.rows<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [WRITER_LOCK]);
    if (row?.locked === true) return new PgLedgerWriter(session);
    await session.end();
    return undefined;
  }
}

/** Commits on the very session that holds the lock: without the lock there is no way to write. */
class PgLedgerWriter implements LedgerWriter {
  readonly lost: Promise<void>;

  constructor(private readonly session: DatabaseSession) {
    this.lost = session.ended;
  }

  tip(): Promise<ChainTip> {
    return tipOf(this.session);
  }

  placesOf(txIds: readonly string[]): Promise<readonly CommitStatus[]> {
    return placesOf(this.session, txIds);
  }

  async commit(block: ChainBlock, changes: readonly StateChange[]): Promise<void> {
    const written = changes.filter((change) => change.value !== null);
    const deleted = changes.filter((change) => change.value === null);
    // One statement: block, transactions and state are one PostgreSQL transaction and one round trip.
    await this.session.rows(COMMIT_SQL, [
      block.number.toString(),
      block.previousHash,
      block.dataHash,
      block.hash,
      block.committedAtMs,
      block.transactions.map((_transaction, position) => position),
      block.transactions.map(({ txId }) => txId),
      block.transactions.map(({ code }) => code),
      block.transactions.map(({ bytes }) => toBuffer(bytes)),
      written.map(({ key }) => Buffer.from(key, 'utf8')),
      written.map(({ value }) => toBuffer(value ?? new Uint8Array(0))),
      written.map(({ position }) => position),
      deleted.map(({ key }) => Buffer.from(key, 'utf8')),
    ]);
  }

  close(): Promise<void> {
    return this.session.end();
  }
}

const COMMIT_SQL = `
  with block as (
    insert into settlement.ledger_block (number, previous_hash, data_hash, hash, committed_at)
    values ($1, $2, $3, $4, $5)
  ), transactions as (
    insert into settlement.ledger_transaction (block_number, position, tx_id, code, bytes)
    select $1, * from unnest($6::integer[], $7::text[], $8::text[], $9::bytea[])
  ), written as (
    insert into settlement.ledger_state (key, value, block_number, position)
    select w.key, w.value, $1, w.position from unnest($10::bytea[], $11::bytea[], $12::integer[]) as w (key, value, position)
    on conflict (key) do update
      set value = excluded.value, block_number = excluded.block_number, position = excluded.position
  )
  delete from settlement.ledger_state where key = any ($13::bytea[])`;

function viewOf(sql: Sql): LedgerView {
  return {
    blocks: (from, limit) => blocksOf(sql, from, limit),
    tip: () => tipOf(sql),
    getMany: async (keys) => {
      if (keys.length === 0) return new Map();
      const rows = await sql.rows<StateRow>(
        'select key, value, block_number, position from settlement.ledger_state where key = any ($1::bytea[])',
        [keys.map((key) => Buffer.from(key, 'utf8'))],
      );
      return new Map(rows.map((row) => [row.key.toString('utf8'), valueOf(row)]));
    },
    range: async (start, end, limit) => {
      const rows = await sql.rows<StateRow>(
        `select key, value, block_number, position
           from settlement.ledger_state where key >= $1 and key < $2 order by key limit $3`,
        [Buffer.from(start, 'utf8'), Buffer.from(end, 'utf8'), limit],
      );
      return rows.map((row) => ({ key: row.key.toString('utf8'), ...valueOf(row) }));
    },
  };
}

async function blocksOf(sql: Sql, from: bigint, limit: number): Promise<ChainBlock[]> {
  const headers = await sql.rows<BlockRow>(
    `select number, previous_hash, data_hash, hash, committed_at
       from settlement.ledger_block where number >= $1 order by number limit $2`,
    [from.toString(), limit],
  );
  const last = headers.at(-1);
  if (last === undefined) return [];
  const transactions = await sql.rows<TransactionRow>(
    `select block_number, tx_id, code, bytes
       from settlement.ledger_transaction where block_number between $1 and $2 order by block_number, position`,
    [from.toString(), last.number],
  );
  const byBlock = new Map<string, TransactionRow[]>(headers.map((row) => [row.number, []]));
  for (const row of transactions) byBlock.get(row.block_number)?.push(row);
  return headers.map((row) => blockOf(row, byBlock.get(row.number) ?? []));
}

function valueOf(row: StateRow): StoredValue {
  return { value: row.value, version: `${row.block_number}:${row.position}` };
}

async function tipOf(sql: Sql): Promise<ChainTip> {
  const [row] = await sql.rows<BlockRow>(
    'select number, hash, committed_at from settlement.ledger_block order by number desc limit 1',
  );
  if (row === undefined) return GENESIS_TIP;
  return { height: BigInt(row.number) + 1n, hash: row.hash, committedAtMs: Number(row.committed_at) };
}

async function placesOf(sql: Sql, txIds: readonly string[]): Promise<CommitStatus[]> {
  const rows = await sql.rows<PlaceRow>(
    'select block_number, tx_id, code from settlement.ledger_transaction where tx_id = any ($1::text[])',
    [[...txIds]],
  );
  return rows.map((row) => ({ txId: row.tx_id, blockNumber: BigInt(row.block_number), code: row.code }));
}

function blockOf(row: BlockRow, transactions: readonly TransactionRow[]): ChainBlock {
  return {
    number: BigInt(row.number),
    previousHash: row.previous_hash,
    dataHash: row.data_hash,
    hash: row.hash,
    committedAtMs: Number(row.committed_at),
    transactions: transactions.map((transaction): ChainTransaction => ({
      txId: transaction.tx_id,
      code: transaction.code,
      bytes: transaction.bytes,
    })),
  };
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
