import type { BillRecord, StoredBillLine } from '@tallywatt/contracts';
import { CREDITED, REPLACED } from '@tallywatt/contracts';
import { feeMinor } from '@tallywatt/domain';
import type { At, LedgerChanges } from '../events/ledger-changes.js';
import type { Sql } from './database.js';
import { instantText, recordset } from './sql-values.js';

/** Unit prices of one priceId, 1e-4 currency units per kWh. They never change. */
interface UnitPrices {
  readonly electricityPriceE4: bigint;
  readonly servicePriceE4: bigint;
}

/** Bills with their lines in full, marks of credited and replaced ones, ratings. Stations, prices and accounts come before. */
export async function applyBills(sql: Sql, changes: LedgerChanges): Promise<void> {
  if (changes.bills.length > 0) await insertBills(sql, changes);
  if (changes.billMarks.length > 0) await markBills(sql, changes);
  if (changes.ratings.length > 0) await insertRatings(sql, changes);
}

async function insertBills(sql: Sql, changes: LedgerChanges): Promise<void> {
  const prices = await unitPrices(sql, changes.bills);
  const rows = changes.bills.map((bill) => billRow(bill, prices, changes.contentHashes));
  const inserted = await sql.rows(
    `insert into settlement.bill (bill_id, kind, ev_id, user_operator_id, station_id, operator_id, started_at, ended_at,
       meter_start_wh, meter_stop_wh, energy_wh, lines, total_minor, content_sha256, refers_to, session_id, tx_id, block_number,
       tx_position, final_at)
     select b.bill_id, b.kind, b.ev_id, a.operator_id, b.station_id, s.operator_id, b.started_at, b.ended_at,
       b.meter_start_wh, b.meter_stop_wh, b.meter_stop_wh - b.meter_start_wh, b.lines, b.total_minor, b.content_sha256, b.refers_to,
       b.session_id, b.tx_id, b.block_number, b.tx_position, b.final_at
     from jsonb_to_recordset($1) as b(bill_id text, kind text, ev_id text, station_id text, started_at timestamptz,
       ended_at timestamptz, meter_start_wh bigint, meter_stop_wh bigint, lines jsonb, total_minor bigint, content_sha256 text,
       refers_to text, session_id text, tx_id text, block_number bigint, tx_position int, final_at timestamptz)
     join settlement.account a using (ev_id) join settlement.station s using (station_id)
     returning bill_id`,
    [recordset(rows)],
  );
  if (inserted.length !== rows.length)
    throw new Error('a bill names an account or a station that the projection does not know');
}

async function unitPrices(sql: Sql, bills: readonly At<BillRecord>[]): Promise<ReadonlyMap<string, UnitPrices>> {
  const ids = [...new Set(bills.flatMap((bill) => bill.record.lines.map((line) => line.priceId)))];
  const rows = await sql.rows<{ price_id: string; electricity_price_e4: string; service_price_e4: string }>(
    'select price_id, electricity_price_e4, service_price_e4 from settlement.price where price_id = any($1)',
    [ids],
  );
  return new Map(
    rows.map((row) => [
      row.price_id,
      { electricityPriceE4: BigInt(row.electricity_price_e4), servicePriceE4: BigInt(row.service_price_e4) },
    ]),
  );
}

function billRow(
  { record, place }: At<BillRecord>,
  prices: ReadonlyMap<string, UnitPrices>,
  contentHashes: ReadonlyMap<string, string>,
): object {
  return {
    bill_id: record.settlementId,
    kind: record.kind,
    ev_id: record.evId,
    station_id: record.stationId,
    started_at: instantText(record.startMs),
    ended_at: instantText(record.endMs),
    meter_start_wh: record.meterStartWh.toString(),
    meter_stop_wh: record.meterStopWh.toString(),
    lines: record.lines.map((line) => lineRow(line, prices)),
    total_minor: record.totalMinor.toString(),
    content_sha256: contentHashes.get(record.settlementId) ?? null,
    refers_to: record.refersTo,
    session_id: record.sessionId,
    tx_id: place.txId,
    block_number: place.blockNumber.toString(),
    tx_position: place.txPosition,
    final_at: instantText(place.atMs),
  };
}

/** The ledger stores what cannot be derived; readers get the whole line. */
function lineRow(line: StoredBillLine, prices: ReadonlyMap<string, UnitPrices>): object {
  const price = prices.get(line.priceId);
  if (price === undefined) throw new Error(`a bill names price ${line.priceId}, which the projection does not know`);
  return {
    priceId: line.priceId,
    fromMs: line.fromMs,
    toMs: line.toMs,
    energyWh: line.energyWh.toString(),
    electricityPriceE4: price.electricityPriceE4.toString(),
    servicePriceE4: price.servicePriceE4.toString(),
    electricityFeeMinor: feeMinor(price.electricityPriceE4, line.energyWh).toString(),
    serviceFeeMinor: feeMinor(price.servicePriceE4, line.energyWh).toString(),
  };
}

async function markBills(sql: Sql, changes: LedgerChanges): Promise<void> {
  const marks = [
    { kind: CREDITED, column: 'credited_by' },
    { kind: REPLACED, column: 'replaced_by' },
  ] as const;
  for (const { kind, column } of marks) {
    const records = changes.billMarks.filter(({ record }) => record.kind === kind).map(({ record }) => record);
    if (records.length === 0) continue;
    await sql.rows(
      `update settlement.bill b set ${column} = m.by from unnest($1::text[], $2::text[]) m(bill_id, by) where b.bill_id = m.bill_id`,
      [records.map((record) => record.settlementId), records.map((record) => record.by)],
    );
  }
}

async function insertRatings(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = changes.ratings.map(({ record, place }) => ({
    session_id: record.settlementId,
    bill_id: record.billId,
    rating: record.rating,
    tx_id: place.txId,
    block_number: place.blockNumber.toString(),
    at: instantText(place.atMs),
  }));
  await sql.rows(
    `insert into settlement.rating (session_id, bill_id, ev_id, station_id, rating, tx_id, block_number, at)
     select r.session_id, r.bill_id, b.ev_id, b.station_id, r.rating, r.tx_id, r.block_number, r.at
     from jsonb_to_recordset($1) as r(session_id text, bill_id text, rating int, tx_id text, block_number bigint, at timestamptz)
     join settlement.bill b using (bill_id)`,
    [recordset(rows)],
  );
}
