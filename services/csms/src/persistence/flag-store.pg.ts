import type { Pool } from 'pg';
import { FlagStore, type FlagCount } from '../ocpp/flag-counter.js';
import type { StoreCircuit } from './store-circuit.js';

/** Sorted, so that two instances that add the same rows wait for each other instead of dead-locking. */
const ADD = `
insert into csms.station_flag as f (charge_point_id, flag, count, last_at)
select x.charge_point_id, x.flag, x.count, now() from json_to_recordset($1) as x(charge_point_id text, flag text, count bigint)
order by 1, 2
on conflict (charge_point_id, flag) do update set count = f.count + excluded.count, last_at = excluded.last_at`;

export class PgFlagStore extends FlagStore {
  constructor(
    private readonly pool: Pool,
    private readonly circuit: StoreCircuit,
  ) {
    super();
  }

  async add(counts: readonly FlagCount[]): Promise<void> {
    const rows = counts.map(({ chargePointId, flag, count }) => ({ charge_point_id: chargePointId, flag, count }));
    await this.circuit.run(() => this.pool.query(ADD, [JSON.stringify(rows)]));
  }
}
