import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '@tallywatt/contracts';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { newToken, tokenDigest } from '../api/auth/token.js';
import { PgApiUserStore } from './api-user.pg.js';
import { PgAuditLog } from './audit-log.pg.js';
import { createPool } from './database.js';
import { PgDatabaseProbe } from './database-probe.pg.js';
import { PgIdTagRegistry } from './id-tag-registry.pg.js';
import { PgIdempotencyStore } from './idempotency.pg.js';
import { migrate } from './migrate.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  pool = createPool(database.url, 4);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const FINANCE: Principal = { role: 'finance', organisation: 'STAR', name: 'till' };
const STAR = { kind: 'organisation', organisation: 'STAR', ownUsers: false } as const;
const TELD = { kind: 'organisation', organisation: 'TELD', ownUsers: false } as const;

describe('PgApiUserStore', () => {
  it('finds by token until it is rotated, and never after revocation', async () => {
    const store = new PgApiUserStore(pool);
    const [first, second] = [tokenDigest(newToken()), tokenDigest(newToken())];
    const userId = randomUUID();
    await store.insert({ userId, principal: FINANCE, tokenDigest: first });
    expect(await store.findByTokenDigest(first)).toEqual({ userId, principal: FINANCE });
    await store.rotate(userId, second);
    expect(await store.findByTokenDigest(first)).toBeUndefined();
    expect((await store.findByName(FINANCE))?.userId).toBe(userId);
    await store.revoke(userId);
    expect(await store.findByTokenDigest(second)).toBeUndefined();
    expect(await store.findByName(FINANCE)).toBeUndefined();
    await store.insert({ userId: randomUUID(), principal: FINANCE, tokenDigest: first });
  });

  it('keeps accounts with drivers, and refuses an expired token', async () => {
    const store = new PgApiUserStore(pool);
    const driver: Principal = { role: 'driver', organisation: 'STAR', name: 'car', evId: 'EV-1' };
    const digest = tokenDigest(newToken());
    const userId = randomUUID();
    await store.insert({ userId, principal: driver, tokenDigest: digest });
    expect((await store.findByTokenDigest(digest))?.principal).toEqual(driver);
    await pool.query(`update csms.api_user set expires_at = now() - interval '1 s' where user_id = $1`, [userId]);
    expect(await store.findByTokenDigest(digest)).toBeUndefined();
    const noAccount = {
      userId: randomUUID(),
      principal: { ...FINANCE, role: 'driver' as const },
      tokenDigest: tokenDigest(newToken()),
    };
    await expect(store.insert(noAccount)).rejects.toThrow(/check constraint/);
  });
});

describe('PgIdempotencyStore', () => {
  const use = (key: string, input = 'a', organisation = 'STAR') => ({
    organisation,
    key,
    inputDigest: tokenDigest(input),
  });

  it('lets one of many at the same time run', async () => {
    const store = new PgIdempotencyStore(pool);
    const begun = await Promise.all(Array.from({ length: 20 }, () => store.begin(use('race'), 60_000)));
    expect(begun.filter(({ type }) => type === 'run')).toHaveLength(1);
    expect(begun.filter(({ type }) => type === 'in-flight')).toHaveLength(19);
  });

  it('answers, refuses another input, and runs again after a failure or a death', async () => {
    const store = new PgIdempotencyStore(pool);
    await store.begin(use('k'), 60_000);
    expect(await store.begin(use('k', 'b'), 60_000)).toEqual({ type: 'other-input' });
    await store.release(use('k'));
    expect(await store.begin(use('k'), 1)).toEqual({ type: 'run' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await store.begin(use('k'), 60_000)).toEqual({ type: 'run' });
    const answer = { txId: 'x', at: 'y', amount: { minor: '1', currency: 'CNY' } };
    await store.complete(use('k'), answer);
    const repeated = await store.begin(use('k'), 60_000);
    // As text: the order of members is part of the answer.
    expect(JSON.stringify(repeated)).toBe(JSON.stringify({ type: 'answered', answer }));
    await store.release(use('k'));
    expect(await store.begin(use('k'), 60_000)).toMatchObject({ type: 'answered' });
    expect(await store.begin(use('k', 'b', 'TELD'), 60_000)).toEqual({ type: 'run' });
  });
});

describe('PgAuditLog', () => {
  it('pages backwards within the organisation, and cannot be edited', async () => {
    const audit = new PgAuditLog(pool);
    for (let i = 0; i < 5; i += 1)
      await audit.record({ principal: FINANCE, requestId: `r${i}` }, 'act', `s${i}`, { i });
    await audit.record({ principal: { ...FINANCE, organisation: 'TELD' }, requestId: 'other' }, 'act', 'foreign', {});
    const first = await audit.list(STAR, { limit: 3 });
    const second = await audit.list(STAR, { limit: 3, cursor: first.nextCursor ?? '' });
    expect([...first.data, ...second.data].map(({ subject }) => subject)).toEqual(['s4', 's3', 's2', 's1', 's0']);
    expect(second.nextCursor).toBeNull();
    expect((await audit.list({ kind: 'driver', evId: 'EV-1' }, { limit: 3 })).data).toEqual([]);
    await expect(audit.list(STAR, { limit: 3, cursor: 'x' })).rejects.toMatchObject({ problem: { status: 400 } });
    await expect(pool.query('update csms.api_audit set action = $1', ['x'])).rejects.toThrow(/permission denied/);
    await expect(pool.query('delete from csms.api_audit')).rejects.toThrow(/permission denied/);
  });
});

describe('PgIdTagRegistry', () => {
  const account = { evId: 'EV-1', operatorId: 'STAR', maxConcurrentSessions: 16 };
  const tag = (idTag: string, evId = 'EV-1', operatorId = 'STAR') => ({ idTag, evId, operatorId, expiresAt: null });

  it('links tags without regard to case, repeatably, all or none', async () => {
    const tags = new PgIdTagRegistry(pool);
    expect(await tags.link(account, [tag('Card-1'), tag('CARD-1'), tag('card-2')])).toEqual([]);
    expect(await tags.link(account, [tag('card-1')])).toEqual([]);
    const other = { evId: 'EV-2', operatorId: 'TELD', maxConcurrentSessions: 1 };
    expect(await tags.link(other, [tag('card-3', 'EV-2', 'TELD'), tag('CARD-2', 'EV-2', 'TELD')])).toEqual(['CARD-2']);
    expect(await tags.find({ kind: 'all' }, 'card-3')).toBeUndefined();
    expect(await tags.find(STAR, 'CARD-2')).toMatchObject({ idTag: 'card-2', evId: 'EV-1', maxConcurrentSessions: 16 });
    expect(await tags.find(TELD, 'card-2')).toBeUndefined();
  });

  it('never moves an account to another operator, and keeps its concurrency unless told', async () => {
    const tags = new PgIdTagRegistry(pool);
    expect(await tags.link({ ...account, operatorId: 'TELD' }, [tag('new', 'EV-1', 'TELD')])).toEqual(['new']);
    await tags.link({ ...account, maxConcurrentSessions: null }, [tag('card-9')]);
    expect(
      (await tags.listOf({ kind: 'driver', evId: 'EV-1' }, 'EV-1')).map((found) => found.maxConcurrentSessions),
    ).toEqual([16, 16, 16]);
    expect(await tags.listOf({ kind: 'driver', evId: 'EV-2' }, 'EV-1')).toEqual([]);
  });
});

describe('PgDatabaseProbe', () => {
  it('says whether the database answers', async () => {
    expect(await new PgDatabaseProbe(pool).answers()).toBe(true);
    const gone = new pg.Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
    expect(await new PgDatabaseProbe(gone).answers()).toBe(false);
    await gone.end();
  });
});
