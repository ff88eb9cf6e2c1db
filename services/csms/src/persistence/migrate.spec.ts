import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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

describe('005_frame_chunks', () => {
  it('keeps the frames of the last days, to be dropped on their day', async () => {
    const older = await createTestDatabase();
    const before = await mkdtemp(join(tmpdir(), 'migrations-'));
    try {
      for (const name of ['001_core.sql', '002_api.sql', '003_commands.sql', '004_api_answer.sql']) {
        await copyFile(new URL(`migrations/${name}`, import.meta.url), join(before, name));
      }
      await migrate(older.url, pathToFileURL(`${before}/`));
      const frames = `select seq, at, charge_point_id, direction, action, message_id, raw from csms.frame_transient order by seq`;
      const owner = new pg.Client({ connectionString: older.url });
      await owner.connect();
      await owner.query(`insert into csms.frame_transient (at, charge_point_id, direction, action, message_id, raw) values
        ('2026-06-01T12:00:00Z', 'CP', 'in', 'Heartbeat', '1', '\\x5b00'), ('2026-06-03T12:00:00Z', 'CP', 'out', null, '1', '')`);
      const { rows } = await owner.query(frames);
      await migrate(older.url);
      expect((await owner.query(frames)).rows).toEqual(rows);
      await owner.query(`select csms.maintain_frame_partitions('2026-06-09', 7)`);
      expect((await owner.query(frames)).rows).toEqual(rows.slice(1));
      await owner.end();
    } finally {
      await rm(before, { recursive: true });
      await older.drop();
    }
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
