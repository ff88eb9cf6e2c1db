import type { StoredBlock } from './chain-replay.js';

/** Runs a statement; bigint arrives as text, bytea as Buffer. */
export type SqlRows = (text: string) => Promise<object[]>;

/** A StopTransaction that a charger has a CALLRESULT for. */
export interface AcknowledgedStop {
  readonly chargePointId: string;
  readonly transactionId: number;
  readonly startedAt: string;
  readonly meterStartWh: number;
  readonly meterStopWh: number;
}

/** Chain and tables at one moment at which nothing is under way. Amounts are decimal text, times epoch ms. */
export interface BooksSnapshot {
  readonly nowMs: number;
  readonly blocks: readonly StoredBlock[];
  /** The ledger's current state, key to value. */
  readonly state: ReadonlyMap<string, string>;
  readonly settlements: readonly {
    readonly id: string;
    readonly state: string;
    readonly evId: string;
    readonly meterStartWh: number;
    readonly energyWh: number;
    readonly totalMinor: string | null;
    readonly txId: string | null;
    readonly claimedAtMs: number;
  }[];
  readonly bills: readonly {
    readonly id: string;
    readonly evId: string;
    readonly meterStartWh: number;
    readonly energyWh: number;
    readonly totalMinor: string;
  }[];
  readonly sessions: readonly {
    readonly id: string;
    readonly chargePointId: string;
    readonly meterStartWh: number;
    readonly startedAtMs: number;
  }[];
  readonly ratings: number;
}

const EPOCH_MS = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

/** Reads everything that the checks look at. */
export async function readSnapshot(sql: SqlRows): Promise<BooksSnapshot> {
  const rows = async <R>(text: string): Promise<R[]> => (await sql(text)) as R[];
  const [time] = await rows<{ now: number }>(`select ${EPOCH_MS('now()')} as now`);
  const state = await rows<{ key: Buffer; value: Buffer }>('select key, value from settlement.ledger_state');
  const [rated] = await rows<{ count: number }>('select count(*)::int as count from settlement.rating');
  return {
    nowMs: time?.now ?? 0,
    blocks: await readBlocks(rows),
    state: new Map(state.map(({ key, value }) => [key.toString('utf8'), value.toString('utf8')])),
    settlements: await rows(
      `select settlement_id as id, state, ev_id as "evId", meter_start_wh::float8 as "meterStartWh",
              (meter_stop_wh - meter_start_wh)::float8 as "energyWh", total_minor::text as "totalMinor", tx_id as "txId",
              ${EPOCH_MS('claimed_at')} as "claimedAtMs" from settlement.settlement`,
    ),
    bills: await rows(
      `select bill_id as id, ev_id as "evId", meter_start_wh::float8 as "meterStartWh",
              energy_wh::float8 as "energyWh", total_minor::text as "totalMinor" from settlement.bill`,
    ),
    sessions: await rows(
      `select session_id::text as id, charge_point_id as "chargePointId", meter_start_wh::float8 as "meterStartWh",
              ${EPOCH_MS('reported_start_at')} as "startedAtMs" from csms.session`,
    ),
    ratings: rated?.count ?? 0,
  };
}

async function readBlocks(rows: <R>(text: string) => Promise<R[]>): Promise<StoredBlock[]> {
  type Header = Omit<StoredBlock, 'transactions'>;
  const headers = await rows<Header>(
    `select number::float8 as number, previous_hash as "previousHash", data_hash as "dataHash", hash,
            committed_at::float8 as "committedAtMs" from settlement.ledger_block order by number`,
  );
  const transactions = await rows<{ number: number; txId: string; code: string; bytes: Buffer }>(
    `select block_number::float8 as number, tx_id as "txId", code, bytes
     from settlement.ledger_transaction order by block_number, position`,
  );
  const blocks = headers.map((header) => ({ ...header, transactions: [] as StoredBlock['transactions'][number][] }));
  const byNumber = new Map(blocks.map((block) => [block.number, block]));
  for (const { number, ...transaction } of transactions) byNumber.get(number)?.transactions.push(transaction);
  return blocks;
}
