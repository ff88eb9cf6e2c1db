import { stationCreditRecord } from '@tallywatt/contracts';
import type { Sql } from './database.js';

/** The delta keys of a station that are not folded yet, oldest first: what FoldAccount takes. */
export async function openDeltaKeys(sql: Sql, stationId: string, limit: number): Promise<string[]> {
  const rows = await sql.rows<{ tx_id: string; tx_time_ms: string; amount_minor: string }>(
    `select tx_id, tx_time_ms, amount_minor from settlement.station_delta
     where station_id = $1 order by block_number, tx_id limit $2`,
    [stationId, limit],
  );
  return rows.map((row) =>
    stationCreditRecord.keyOf({
      stationId,
      txId: row.tx_id,
      txTimeMs: Number(row.tx_time_ms),
      amountMinor: BigInt(row.amount_minor),
    }),
  );
}
