import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { instant, instantOrNull } from './instant.js';
import type { StoreCircuit } from './store-circuit.js';

/** One update per pile and this time, instead of one per message. */
export const ACTIVITY_FLUSH_MS = 5_000;

/** Everything that updates many piles at once locks them in the order of their ids: boots and connections do too. */
const UPDATE = `
update csms.charge_point p set
  last_seen_at = greatest(p.last_seen_at, x.last_seen_at), last_heartbeat_at = greatest(p.last_heartbeat_at, x.last_heartbeat_at)
from (select * from json_populate_recordset(null::csms.charge_point, $1) order by charge_point_id) x
where p.charge_point_id = x.charge_point_id`;

interface Seen {
  lastSeenAtMs: number;
  lastHeartbeatAtMs: number | null;
}

/** When piles were last heard of, kept in memory and written some seconds later. */
export class PileActivity {
  private seenPiles = new Map<string, Seen>();
  private timer: NodeJS.Timeout | undefined;
  private readonly logger = new Logger(PileActivity.name);

  constructor(
    private readonly pool: Pool,
    private readonly circuit: StoreCircuit,
  ) {}

  seen(chargePointId: string, atMs: number, isHeartbeat: boolean): void {
    const seen = this.seenPiles.get(chargePointId);
    if (seen === undefined)
      this.seenPiles.set(chargePointId, { lastSeenAtMs: atMs, lastHeartbeatAtMs: isHeartbeat ? atMs : null });
    else {
      seen.lastSeenAtMs = Math.max(seen.lastSeenAtMs, atMs);
      if (isHeartbeat) seen.lastHeartbeatAtMs = atMs;
    }
    this.timer ??= setTimeout(() => void this.flush(), ACTIVITY_FLUSH_MS).unref();
  }

  /** Never rejects: what a database outage swallows, the next message says again. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const rows = [...this.seenPiles].map(([chargePointId, { lastSeenAtMs, lastHeartbeatAtMs }]) => ({
      charge_point_id: chargePointId,
      last_seen_at: instant(lastSeenAtMs),
      last_heartbeat_at: instantOrNull(lastHeartbeatAtMs),
    }));
    this.seenPiles = new Map();
    if (rows.length === 0) return;
    const query = { name: 'csms_activity', text: UPDATE, values: [JSON.stringify(rows)] };
    await this.circuit
      .run(() => this.pool.query(query))
      .catch((error: unknown) => this.logger.warn(`activity not stored: ${String(error)}`));
  }
}
