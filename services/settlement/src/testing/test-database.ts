import pg from 'pg';
import { createTestDatabase } from '../../../../test/support/database.js';
import { Database } from '../persistence/database.js';
import { migrate } from '../persistence/migrate.js';

/** What csms publishes, as a plain table behind the view, so that a spec can write facts. */
const FACTS = `
  create schema csms;
  create table csms.fact (
    settlement_id uuid not null, revision int not null, change_seq bigint generated always as identity, operator_id text not null,
    station_id text not null, charge_point_id text not null, connector_id int not null, transaction_id int not null, ev_id text not null,
    user_operator_id text not null, meter_start_wh bigint not null, meter_stop_wh bigint, readings jsonb not null,
    started_at timestamptz not null, ended_at timestamptz not null, evidence_sha256 text not null, stop_reason text,
    close_kind text not null, hold_reason text, hold_until timestamptz, created_at timestamptz not null default now(),
    primary key (settlement_id, revision));
  create view csms.settlement_fact as select distinct on (settlement_id) * from csms.fact order by settlement_id, revision desc;
  grant usage on schema csms to tallywatt_settlement;
  grant select on csms.settlement_fact to tallywatt_settlement;`;

export interface SettlementDatabase {
  readonly url: string;
  /** As the service connects: with settlement's role. */
  readonly database: Database;
  /** As the owner. */
  readonly owner: pg.Pool;
  drop(): Promise<void>;
}

/** A migrated database of its own for one spec file, with csms' view of facts. */
export async function createSettlementDatabase(): Promise<SettlementDatabase> {
  const empty = await createTestDatabase();
  const { url } = empty;
  await migrate(url);
  const owner = new pg.Pool({ connectionString: url, max: 2 });
  owner.on('error', () => undefined);
  await owner.query(FACTS);
  const database = new Database(url, 8);
  return {
    url,
    database,
    owner,
    drop: async () => {
      await database.end();
      await owner.end();
      await empty.drop();
    },
  };
}
