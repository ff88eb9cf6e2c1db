import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '@tallywatt/local';
import type { Pool } from 'pg';
import type { NewCommand } from '../commands/command-store.js';
import { PgCommandStore } from './command.pg.js';
import { createPool } from './database.js';
import { migrate } from './migrate.js';

let folder: string;
let database: EmbeddedDatabase;
let pool: Pool;
let store: PgCommandStore;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tallywatt-commands-'));
  database = await startEmbeddedDatabase({ dataFolder: folder, durable: false });
  await migrate(database.url);
  pool = createPool(database.url, 2);
  store = new PgCommandStore(pool);
  await pool.query(
    `insert into csms.charge_point (charge_point_id, operator_id, station_id, credential_digest, credential_salt)
     values ('CP1', 'TELD', 'S1', '\\x00', '\\x00')`,
  );
}, 60_000);

afterAll(async () => {
  await pool.end();
  await database.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(database.clusterFolder, { recursive: true, force: true });
});

const command = (more: Partial<NewCommand> = {}): NewCommand => ({
  id: randomUUID(),
  chargePointId: 'CP1',
  action: 'DataTransfer',
  payload: { vendorId: 'v', data: '\u0000 \ud800' },
  requestedBy: 'ada (TELD)',
  requestedAt: new Date('2026-01-01T00:00:00Z'),
  ...more,
});
const endedAt = new Date('2026-01-01T00:00:05Z');

describe('PgCommandStore', () => {
  it('keeps a command from queued over sent to its end, hostile strings included', async () => {
    const { id, ...rest } = command();
    await store.insert({ id, ...rest });
    expect(await store.find(id)).toMatchObject({
      state: 'queued',
      payload: rest.payload,
      requestedAt: '2026-01-01T00:00:00.000Z',
      endedAt: null,
    });
    await store.markSent(id);
    expect(await store.find(id)).toMatchObject({ state: 'sent' });
    await store.end(id, { state: 'accepted', result: { data: '\u0000' }, error: null, endedAt });
    expect(await store.find(id)).toMatchObject({
      state: 'accepted',
      result: { data: '\u0000' },
      error: null,
      endedAt: endedAt.toISOString(),
    });
  });

  it('lets the first end stand', async () => {
    const { id, ...rest } = command();
    await store.insert({ id, ...rest });
    const error = { code: 'NotSupported', description: 'no', details: { why: [1] } };
    await store.end(id, { state: 'error', result: null, error, endedAt });
    await store.end(id, { state: 'accepted', result: {}, error: null, endedAt });
    await store.markSent(id);
    expect(await store.find(id)).toMatchObject({ state: 'error', result: null, error });
  });

  it('ends what a dead process left, by how far it came', async () => {
    const [queued, sent, fresh] = [command(), command(), command({ requestedAt: new Date('2026-01-02T00:00:00Z') })];
    for (const each of [queued, sent, fresh]) await store.insert(each);
    await store.markSent(sent.id);
    expect(await store.endAbandoned(new Date('2026-01-01T12:00:00Z'), endedAt)).toBe(2);
    expect(await Promise.all([queued, sent, fresh].map(async ({ id }) => (await store.find(id))?.state))).toEqual([
      'expired',
      'timeout',
      'queued',
    ]);
  });

  it('finds nothing under another id', async () => {
    expect(await store.find(randomUUID())).toBeUndefined();
  });
});
