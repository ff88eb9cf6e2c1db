import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { PgConnectionLog } from './connection-log.pg.js';
import { createPool } from './database.js';
import { migrate } from './migrate.js';
import { PileActivity } from './pile-activity.pg.js';
import { PgPileJournal } from './pile-journal.pg.js';
import { StoreCircuit } from './store-circuit.js';

Logger.overrideLogger(false);
const NOON = Date.UTC(2026, 5, 1, 12);
const ROUNDS = 15;
const PILES = 400;

/** After an outage all piles connect, boot and are seen at once: three statements over the same rows. */
describe('rows of piles', () => {
  const ids = Array.from({ length: PILES }, (_, index) => `CP-${String(index).padStart(4, '0')}`);
  const request = { chargePointVendor: 'V', chargePointModel: 'M' };
  let database: TestDatabase;
  let pool: Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url, 6);
    await pool.query(
      `insert into csms.charge_point (charge_point_id, operator_id, station_id, credential_digest, credential_salt)
       select id, 'TELD', 'S', '', '' from unnest($1::text[]) as id`,
      [ids],
    );
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const deadlocks = async (): Promise<number> => {
    const { rows } = await pool.query<{ deadlocks: number }>(
      'select deadlocks::int from pg_stat_get_db_deadlocks((select oid from pg_database where datname = current_database())) as deadlocks',
    );
    return rows[0]?.deadlocks ?? -1;
  };

  it('are locked in one order, whatever the order of the messages', async () => {
    const circuit = new StoreCircuit();
    for (let round = 0; round < ROUNDS; round += 1) {
      const backwards = [...ids].toReversed();
      const [forth, back] = [new PileActivity(pool, circuit), new PileActivity(pool, circuit)];
      const journal = new PgPileJournal(pool, circuit);
      const connections = new PgConnectionLog(pool, circuit, randomUUID());
      for (const id of ids) forth.seen(id, NOON + round, true);
      for (const id of backwards) back.seen(id, NOON + round, true);
      for (const [epoch, chargePointId] of backwards.entries())
        connections.append({ kind: 'connected', chargePointId, at: NOON, epoch, remoteAddress: '', secure: false });
      const boots = backwards.map((id) => journal.boot(id, request, NOON));
      await Promise.all([forth.flush(), back.flush(), connections.flush(), ...boots]);
    }
    // Counters of other sessions become visible within a moment.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await deadlocks()).toBe(0);
  });
});
