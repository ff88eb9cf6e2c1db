import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '@tallywatt/local';
import type { Pool } from 'pg';
import { createPool } from './database.js';
import { PgFlagStore } from './flag-store.pg.js';
import { migrate } from './migrate.js';
import { StoreCircuit } from './store-circuit.js';

let folder: string;
let database: EmbeddedDatabase;
let pool: Pool;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallywatt-flags-'));
  database = await startEmbeddedDatabase({ dataFolder: folder, durable: false });
  await migrate(database.url);
  pool = createPool(database.url, 2);
}, 60_000);

afterAll(async () => {
  await pool.end();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(database.clusterFolder, { recursive: true, force: true });
});

describe('PgFlagStore', () => {
  it('adds to what is there', async () => {
    const store = new PgFlagStore(pool, new StoreCircuit());
    await store.add([
      { chargePointId: 'CP1', flag: 'extra_field', count: 3 },
      { chargePointId: 'CP1', flag: 'missing_zone', count: 1 },
    ]);
    await store.add([{ chargePointId: 'CP1', flag: 'extra_field', count: 2 }]);
    const { rows } = await pool.query('select flag, count from csms.station_flag order by flag');
    expect(rows).toEqual([
      { flag: 'extra_field', count: '5' },
      { flag: 'missing_zone', count: '1' },
    ]);
  });
});
