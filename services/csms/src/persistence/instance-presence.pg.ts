import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';

export const SAY_ALIVE_INTERVAL_MS = 5_000;
/** A process that said nothing for so long is dead. The hint that follows is about hours: this need not be quick. */
export const DEAD_AFTER_S = 30;

const FORGET_DEAD = `
with dead as (
  delete from csms.instance where instance_id in (
    select instance_id from csms.instance where alive_at < now() - make_interval(secs => $1) order by 1 for update skip locked)
)
update csms.charge_point p set connected = false
from (
  select charge_point_id from csms.charge_point c where c.connected and not exists (
    select from csms.instance i where i.instance_id = c.connected_to and i.alive_at >= now() - make_interval(secs => $1))
  order by charge_point_id) nobodys
where p.charge_point_id = nobodys.charge_point_id`;

/** This process among those that share the database, and the end of what a killed one left: piles marked as connected. */
export class InstancePresence {
  readonly instanceId = randomUUID();

  constructor(private readonly pool: Pool) {}

  async sayAlive(): Promise<void> {
    await this.pool.query(
      `insert into csms.instance values ($1, now()) on conflict (instance_id) do update set alive_at = now()`,
      [this.instanceId],
    );
    await this.pool.query(FORGET_DEAD, [DEAD_AFTER_S]);
  }

  async leave(): Promise<void> {
    await this.pool.query('delete from csms.instance where instance_id = $1', [this.instanceId]);
  }
}
