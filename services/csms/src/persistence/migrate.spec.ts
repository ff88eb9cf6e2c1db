import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { CSMS_ROLE, createPool } from './database.js';
import { migrate } from './migrate.js';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, 2);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('migrate', () => {
  it('applies once, also when several processes start together', async () => {
    const applied = await Promise.all([migrate(database.url), migrate(database.url), migrate(database.url)]);
    expect(applied.flat().toSorted()[0]).toBe('001_core.sql');
    expect(new Set(applied.flat()).size).toBe(applied.flat().length);
    expect(await migrate(database.url)).toEqual([]);
  });
});

describe(`role ${CSMS_ROLE}`, () => {
  const insertFrame = `insert into csms.frame (at, charge_point_id, action, message_id, raw) values (now(), 'CP', 'StopTransaction', '1', '\\x00')`;

  it('adds evidence and can neither change nor remove it', async () => {
    await pool.query(insertFrame);
    await expect(pool.query(`update csms.frame set raw = ''`)).rejects.toThrow('permission denied');
    await expect(pool.query('delete from csms.frame')).rejects.toThrow('permission denied');
    await expect(pool.query('truncate csms.frame')).rejects.toThrow('permission denied');
    for (const table of ['settlement_request', 'session_event', 'security_event', 'meter_value']) {
      await expect(pool.query(`delete from csms.${table}`)).rejects.toThrow('permission denied');
    }
    await expect(pool.query(`update csms.settlement_request set hold_reason = null`)).rejects.toThrow(
      'permission denied',
    );
  });

  it('sees sequence numbers in the order of visibility, over parallel writers', async () => {
    const [slow, quick] = [await pool.connect(), await pool.connect()];
    await slow.query('begin');
    await slow.query(insertFrame);
    const second = quick.query(insertFrame);
    const isDone = await Promise.race([
      second.then(() => true),
      new Promise((resolve) => setTimeout(resolve, 200, false)),
    ]);
    expect(isDone).toBe(false);
    await slow.query('commit');
    await second;
    slow.release();
    quick.release();
  });
});
