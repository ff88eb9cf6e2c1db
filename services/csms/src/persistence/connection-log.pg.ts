import type { Pool } from 'pg';
import { ConnectionLog, type ConnectionEvent } from '../connection/connection-log.js';
import { BufferedWriter } from './buffered-writer.js';
import { instant } from './instant.js';
import { storableJson } from './storable-text.js';
import type { StoreCircuit } from './store-circuit.js';

const FLUSH_MS = 200;

/** The word of the newest socket counts: an older one may close after it has opened, here or in another process. */
const WRITE = `
with x as materialized (
  select * from rows from (json_to_recordset($1) as (at timestamptz, charge_point_id text, kind text, detail jsonb, is_security boolean))
    with ordinality as x(at, charge_point_id, kind, detail, is_security, ord)
), connections as (
  insert into csms.connection_event (at, charge_point_id, kind, detail)
  select at, charge_point_id, kind, detail from x where not is_security order by ord
), security as (
  insert into csms.security_event (at, charge_point_id, kind, detail)
  select at, charge_point_id, kind, detail from x where is_security order by ord
)
update csms.charge_point p set
  connected = (newest.kind <> 'disconnected'), connected_to = $2, connection_epoch = newest.epoch
from (
  select distinct on (charge_point_id) charge_point_id, kind, (detail->>'epoch')::bigint as epoch from x where kind in ('connected', 'disconnected')
  order by charge_point_id, epoch desc, ord desc) newest
where p.charge_point_id = newest.charge_point_id and p.connection_epoch <= newest.epoch`;

/**
 * Connections for the live log, and what may be an attack as security events. Refused upgrades are not written: whoever
 * has no key could fill the disk with them; they are counted and capped where they happen.
 */
export class PgConnectionLog extends ConnectionLog {
  private readonly writer: BufferedWriter<ConnectionEvent>;

  constructor(pool: Pool, circuit: StoreCircuit, instanceId: string) {
    super();
    this.writer = new BufferedWriter('connection-log', FLUSH_MS, async (events) => {
      await circuit.run(() =>
        pool.query({ name: 'csms_connections', text: WRITE, values: [storableJson(events.map(rowOf)), instanceId] }),
      );
    });
  }

  override append(event: ConnectionEvent): void {
    if (event.kind !== 'refused') this.writer.append(event);
  }

  flush(): Promise<void> {
    return this.writer.flush();
  }
}

function rowOf({ at, chargePointId, kind, ...detail }: ConnectionEvent): object {
  const isSecurity = kind === 'swapped' || kind === 'contested';
  return { at: instant(at), charge_point_id: chargePointId, kind, detail, is_security: isSecurity };
}
