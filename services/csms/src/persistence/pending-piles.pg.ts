import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { PENDING_PILES_MAX } from '../connection/limits.js';
import { MemoryPendingPiles, PendingPiles, type PendingPile } from '../connection/pending-piles.js';
import { instant } from './instant.js';

/** A stranger who knocks all the time costs one statement in this time. */
export const PENDING_FLUSH_MS = 1_000;

/** In the order of ids, as everything that locks many rows. */
const NOTE = `
insert into csms.pending_charge_point as p (charge_point_id, remote_address, first_seen_at, last_seen_at, attempts)
select charge_point_id, remote_address, first_seen_at, last_seen_at, attempts
from json_populate_recordset(null::csms.pending_charge_point, $1) order by charge_point_id
on conflict (charge_point_id) do update set
  remote_address = excluded.remote_address, attempts = p.attempts + excluded.attempts,
  last_seen_at = greatest(p.last_seen_at, excluded.last_seen_at)`;
const CUT = `
delete from csms.pending_charge_point where charge_point_id in (
  select charge_point_id from csms.pending_charge_point order by last_seen_at desc, charge_point_id offset $1)`;
/** What knocked at one process just before another registered it may be written after that. */
const LIST = `
select p.* from csms.pending_charge_point p
where not exists (select from csms.charge_point c where c.charge_point_id = p.charge_point_id)
order by p.last_seen_at desc, p.charge_point_id limit $1`;

interface PendingRow {
  readonly charge_point_id: string;
  readonly remote_address: string;
  readonly first_seen_at: Date;
  readonly last_seen_at: Date;
  readonly attempts: string;
}

/** The list of all processes: knocks gather in memory, capped, and are written some moments later. */
export class PgPendingPiles extends PendingPiles {
  private gathered = new MemoryPendingPiles();
  private timer: NodeJS.Timeout | undefined;
  private readonly logger = new Logger('pending-piles');

  constructor(private readonly pool: Pool) {
    super();
  }

  override note(chargePointId: string, remoteAddress: string, nowMs: number): void {
    this.gathered.note(chargePointId, remoteAddress, nowMs);
    this.timer ??= setTimeout(() => void this.flush(), PENDING_FLUSH_MS).unref();
  }

  override async list(): Promise<readonly PendingPile[]> {
    await this.flush();
    const { rows } = await this.pool.query<PendingRow>(LIST, [PENDING_PILES_MAX]);
    return rows.map(present);
  }

  override async remove(chargePointId: string): Promise<void> {
    await this.gathered.remove(chargePointId);
    await this.pool.query('delete from csms.pending_charge_point where charge_point_id = $1', [chargePointId]);
  }

  /** Never rejects: who was not written knocks again. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const piles = await this.gathered.list();
    this.gathered = new MemoryPendingPiles();
    if (piles.length === 0) return;
    try {
      await this.pool.query(NOTE, [JSON.stringify(piles.map(rowOf))]);
      await this.pool.query(CUT, [PENDING_PILES_MAX]);
    } catch (error) {
      this.logger.warn(`knocks not stored: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

function rowOf(pile: PendingPile): object {
  return {
    charge_point_id: pile.chargePointId,
    remote_address: pile.remoteAddress,
    first_seen_at: instant(pile.firstSeenAtMs),
    last_seen_at: instant(pile.lastSeenAtMs),
    attempts: pile.attempts,
  };
}

function present(row: PendingRow): PendingPile {
  return {
    chargePointId: row.charge_point_id,
    remoteAddress: row.remote_address,
    firstSeenAtMs: row.first_seen_at.getTime(),
    lastSeenAtMs: row.last_seen_at.getTime(),
    attempts: Number(row.attempts),
  };
}
