import type { Pool } from 'pg';

/** product.md: frames that are no evidence are kept this long. */
export const FRAME_DAYS_KEPT = 7;
/** Tomorrow's partition is there a day ahead, so an hour is early enough. */
export const PARTITION_INTERVAL_MS = 3_600_000;

/** Makes today's and tomorrow's partition of frames and drops those that are past their days. */
export async function keepPartitions(pool: Pick<Pool, 'query'>, now: Date): Promise<void> {
  await pool.query('select csms.maintain_frame_partitions($1::date, $2)', [
    now.toISOString().slice(0, 10),
    FRAME_DAYS_KEPT,
  ]);
}
