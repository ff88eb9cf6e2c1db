import type { LedgerChanges } from '../events/ledger-changes.js';
import type { Sql } from './database.js';
import { recordset } from './sql-values.js';

/** Stations and their evaluations. */
export async function applyStations(sql: Sql, changes: LedgerChanges): Promise<void> {
  if (changes.stations.size > 0) await saveStations(sql, changes);
  if (changes.evaluations.size > 0) await saveEvaluations(sql, changes);
}

async function saveStations(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = [...changes.stations.values()].map(({ record, place }) => ({
    station_id: record.stationId,
    operator_id: record.operatorId,
    name: record.name,
    peer_node: record.peerNode,
    tariff_id: record.tariffId,
    latitude_e6: record.latE6,
    longitude_e6: record.lonE6,
    offsets: record.offsets,
    piles: record.piles,
    tx_id: place.txId,
    block_number: place.blockNumber.toString(),
  }));
  await sql.rows(
    `insert into settlement.station (station_id, operator_id, name, peer_node, tariff_id, latitude_e6, longitude_e6, offsets, piles, tx_id, block_number)
     select * from jsonb_to_recordset($1) as s(station_id text, operator_id text, name text, peer_node text, tariff_id text,
       latitude_e6 int, longitude_e6 int, offsets jsonb, piles jsonb, tx_id text, block_number bigint)
     on conflict (station_id) do update set operator_id = excluded.operator_id, name = excluded.name, peer_node = excluded.peer_node,
       tariff_id = excluded.tariff_id, latitude_e6 = excluded.latitude_e6, longitude_e6 = excluded.longitude_e6,
       offsets = excluded.offsets, piles = excluded.piles, tx_id = excluded.tx_id, block_number = excluded.block_number`,
    [recordset(rows)],
  );
}

async function saveEvaluations(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = [...changes.evaluations.values()].map(({ record }) => ({
    station_id: record.stationId,
    evaluation_e6: record.evaluationE6,
    rating_count: record.ratingCount,
  }));
  await sql.rows(
    `update settlement.station s set evaluation_e6 = e.evaluation_e6, rating_count = e.rating_count
     from jsonb_to_recordset($1) as e(station_id text, evaluation_e6 bigint, rating_count int) where s.station_id = e.station_id`,
    [recordset(rows)],
  );
}

/** Station balances from deltas, folds and folded balances. @returns by how much their sum changed. */
export async function applyStationMoney(sql: Sql, changes: LedgerChanges): Promise<bigint> {
  const moved = new Map<string, bigint>();
  if (changes.stationCredits.length > 0) await addCredits(sql, changes, moved);
  if (changes.foldedCredits.length > 0) await removeFolded(sql, changes, moved);
  if (changes.foldedBalances.size > 0) await setFoldedBalances(sql, changes, moved);
  if (moved.size === 0) return 0n;
  const rows = [...moved].map(([station_id, amount]) => ({ station_id, amount_minor: amount.toString() }));
  await sql.rows(
    `update settlement.station s set balance_minor = s.balance_minor + m.amount_minor
     from jsonb_to_recordset($1) as m(station_id text, amount_minor numeric) where s.station_id = m.station_id`,
    [recordset(rows)],
  );
  return [...moved.values()].reduce((sum, amount) => sum + amount, 0n);
}

async function addCredits(sql: Sql, changes: LedgerChanges, moved: Map<string, bigint>): Promise<void> {
  const rows = changes.stationCredits.map(({ record, place }) => ({
    station_id: record.stationId,
    tx_id: record.txId,
    tx_time_ms: record.txTimeMs,
    amount_minor: record.amountMinor.toString(),
    block_number: place.blockNumber.toString(),
  }));
  await sql.rows(
    `insert into settlement.station_delta (station_id, tx_id, tx_time_ms, amount_minor, block_number)
     select * from jsonb_to_recordset($1) as d(station_id text, tx_id text, tx_time_ms bigint, amount_minor bigint, block_number bigint)`,
    [recordset(rows)],
  );
  for (const { record } of changes.stationCredits) add(moved, record.stationId, record.amountMinor);
}

async function removeFolded(sql: Sql, changes: LedgerChanges, moved: Map<string, bigint>): Promise<void> {
  const removed = await sql.rows<{ station_id: string; amount_minor: string }>(
    `delete from settlement.station_delta d using unnest($1::text[], $2::text[]) f(station_id, tx_id)
     where d.station_id = f.station_id and d.tx_id = f.tx_id returning d.station_id, d.amount_minor`,
    [changes.foldedCredits.map((credit) => credit.stationId), changes.foldedCredits.map((credit) => credit.txId)],
  );
  if (removed.length !== changes.foldedCredits.length)
    throw new Error('a fold names station credits that the projection does not know');
  for (const row of removed) add(moved, row.station_id, -BigInt(row.amount_minor));
}

async function setFoldedBalances(sql: Sql, changes: LedgerChanges, moved: Map<string, bigint>): Promise<void> {
  const rows = [...changes.foldedBalances].map(([station_id, balance]) => ({
    station_id,
    folded_minor: balance.toString(),
  }));
  const changed = await sql.rows<{ station_id: string; change: string }>(
    `with incoming as (select * from jsonb_to_recordset($1) as f(station_id text, folded_minor numeric)),
     before as (select s.station_id, f.folded_minor - s.folded_minor as change from settlement.station s join incoming f using (station_id)),
     saved as (update settlement.station s set folded_minor = f.folded_minor from incoming f where s.station_id = f.station_id)
     select station_id, change from before`,
    [recordset(rows)],
  );
  for (const row of changed) add(moved, row.station_id, BigInt(row.change));
}

function add(sums: Map<string, bigint>, stationId: string, amountMinor: bigint): void {
  sums.set(stationId, (sums.get(stationId) ?? 0n) + amountMinor);
}
