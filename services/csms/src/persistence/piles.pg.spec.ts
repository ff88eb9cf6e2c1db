import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import type { NewChargePoint } from '../piles/pile-registry.js';
import { CHARGE_POINT_CACHE_MAX, CHARGE_POINT_CACHE_MS, PgChargePointStore } from './charge-point.pg.js';
import { createPool } from './database.js';
import { migrate } from './migrate.js';
import { PgPileRegistry } from './pile-registry.pg.js';

let database: TestDatabase;
let pool: pg.Pool;
let nowMs = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  pool = createPool(database.url, 4);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function parts() {
  const store = new PgChargePointStore(pool, () => nowMs);
  return { store, registry: new PgPileRegistry(pool, store) };
}

function pile(id: string, operatorId = 'STAR'): NewChargePoint {
  const connectors = [
    { connectorId: 2, ratedPowerW: 50_000, type: 'CCS' },
    { connectorId: 1, ratedPowerW: 7_000, type: 'AC' },
  ];
  const settings = {
    clock: 'live',
    simulated: false,
    strict: false,
    subprotocolOptional: false,
    securityProfile: 1,
  } as const;
  const credential = { credentialDigest: Buffer.alloc(32, 1), credentialSalt: Buffer.alloc(16, 2) };
  return { id, operatorId, stationId: 'S-1', connectors, ...settings, ...credential };
}
const STAR = { kind: 'organisation', organisation: 'STAR', ownUsers: true } as const;
const TELD = { kind: 'organisation', organisation: 'TELD', ownUsers: false } as const;

describe('piles on PostgreSQL', () => {
  it('registers once, whoever asks', async () => {
    const { store, registry } = parts();
    expect(await store.find('CP-1')).toBeUndefined();
    expect(await registry.insert(pile('CP-1'))).toBe(true);
    expect(await registry.insert(pile('CP-1', 'TELD'))).toBe(false);
    expect(await store.find('CP-1')).toMatchObject({
      operatorId: 'STAR',
      connectors: [{ connectorId: 1 }, { connectorId: 2 }],
    });
    expect(await store.findCredential('CP-1')).toMatchObject({ scheme: 'hmac', digest: Buffer.alloc(32, 1) });
  });

  it('sees its own changes at once, those of other instances after the cache time', async () => {
    const { store, registry } = parts();
    await registry.insert(pile('CP-2'));
    expect((await store.find('CP-2'))?.strict).toBe(false);
    await registry.updateSettings('STAR', 'CP-2', { strict: true });
    expect((await store.find('CP-2'))?.strict).toBe(true);
    await parts().registry.updateSettings('STAR', 'CP-2', { strict: false });
    expect((await store.find('CP-2'))?.strict).toBe(true);
    nowMs += CHARGE_POINT_CACHE_MS;
    expect((await store.find('CP-2'))?.strict).toBe(false);
  });

  it('asks the database once for many look-ups at the same time', async () => {
    const { store, registry } = parts();
    await registry.insert(pile('CP-3'));
    const query = jest.spyOn(pool, 'query');
    const cached = new PgChargePointStore(pool, () => nowMs);
    await Promise.all(Array.from({ length: 50 }, () => Promise.resolve(cached.find('CP-3'))));
    expect(query).toHaveBeenCalledTimes(1);
    query.mockRestore();
    expect(await store.find('CP-3')).toBeDefined();
  });

  it('starts its cache anew when it is full', async () => {
    const { registry } = parts();
    for (const id of ['CP-A', 'CP-B', 'CP-C']) await registry.insert(pile(id, 'SG'));
    const small = new PgChargePointStore(pool, () => nowMs, 2);
    const query = jest.spyOn(pool, 'query');
    for (const id of ['CP-A', 'CP-B', 'CP-A', 'CP-C', 'CP-C', 'CP-A']) await small.find(id);
    expect(query).toHaveBeenCalledTimes(4);
    query.mockRestore();
    expect(CHARGE_POINT_CACHE_MAX).toBeGreaterThan(10_000);
  });

  it('changes nothing of a foreign pile', async () => {
    const { store, registry } = parts();
    await registry.insert(pile('CP-4', 'TELD'));
    expect(await registry.replaceCredential('STAR', 'CP-4', Buffer.alloc(32, 9), Buffer.alloc(16, 9))).toBe(false);
    expect(await registry.updateSettings('STAR', 'CP-4', { strict: true })).toBe(false);
    expect((await store.findCredential('CP-4'))?.digest).toEqual(Buffer.alloc(32, 1));
    expect(await registry.find(STAR, 'CP-4')).toBeUndefined();
    expect(await registry.find({ kind: 'driver', evId: 'EV-1' }, 'CP-4')).toBeUndefined();
  });

  it('lists with status and flags, by pages, within the scope', async () => {
    const { registry } = parts();
    await pool.query(`insert into csms.connector_status (charge_point_id, connector_id, status, error_code, status_at, received_at)
                      values ('CP-1', 1, 'Charging', 'NoError', '2026-01-01T00:00:00.5Z', now())`);
    await pool.query(
      `insert into csms.station_flag (charge_point_id, flag, count, last_at) values ('CP-1', 'extra_field', 3, now())`,
    );
    const first = await registry.list(STAR, { limit: 2, count: true });
    expect(first).toMatchObject({ total: 3, data: [{ id: 'CP-1' }, { id: 'CP-2' }] });
    expect(first.data[0]).toMatchObject({
      flags: { extra_field: 3 },
      connectors: [
        { connectorId: 1, status: 'Charging', statusAt: '2026-01-01T00:00:00.500Z' },
        { connectorId: 2, status: null },
      ],
    });
    const second = await registry.list(STAR, { limit: 2, cursor: first.nextCursor ?? '' });
    expect([second.data.map(({ id }) => id), second.nextCursor]).toEqual([['CP-3'], null]);
    expect((await registry.list(TELD, { limit: 9, operatorId: 'STAR' })).data).toEqual([]);
    expect((await registry.list({ kind: 'all' }, { limit: 9, operatorId: 'TELD' })).data.map(({ id }) => id)).toEqual([
      'CP-4',
    ]);
  });
});
