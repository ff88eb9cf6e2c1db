import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';
import { PATIENCE_MS } from '../testing/until.js';

jest.setTimeout(PATIENCE_MS);

describe('migrations', () => {
  let base: TestDatabase;
  let path: string;
  let folder: URL;

  beforeAll(async () => {
    base = await createTestDatabase();
    path = await mkdtemp(join(tmpdir(), 'migrations-'));
    folder = pathToFileURL(`${path}/`);
  });

  afterAll(async () => {
    await rm(path, { recursive: true });
    await base.drop();
  });

  it('applies what is new, in order, once, also when several processes start at once', async () => {
    await writeFile(
      new URL('001_a.sql', folder),
      'create table settlement.a (id int); grant select on settlement.a to tallywatt_settlement',
    );
    await writeFile(new URL('002_b.sql', folder), 'insert into settlement.a values (2)');
    const applied = await Promise.all([1, 2, 3].map(() => migrate(base.url, folder)));
    expect(applied.flat().sort()).toEqual(['001_a.sql', '002_b.sql']);
    await writeFile(new URL('003_c.sql', folder), 'insert into settlement.a values (3)');
    expect(await migrate(base.url, folder)).toEqual(['003_c.sql']);
  });

  it('leaves nothing of a migration that fails, and names it', async () => {
    await writeFile(
      new URL('004_d.sql', folder),
      'insert into settlement.a values (4); insert into settlement.nowhere values (1)',
    );
    await expect(migrate(base.url, folder)).rejects.toThrow('004_d.sql');
    await rm(new URL('004_d.sql', folder));
    const database = new Database(base.url, 1);
    await database.rows('grant usage on schema settlement to public').catch(() => undefined);
    await database.end();
    expect(await migrate(base.url, folder)).toEqual([]);
  });

  it('refuses an applied file that was edited, and one that is gone', async () => {
    await writeFile(new URL('002_b.sql', folder), 'insert into settlement.a values (22)');
    await expect(migrate(base.url, folder)).rejects.toThrow('002_b.sql was edited');
    await rm(new URL('002_b.sql', folder));
    await expect(migrate(base.url, folder)).rejects.toThrow('002_b.sql');
  });

  it('gives the service a role that cannot write what it only reads', async () => {
    const own = await createTestDatabase();
    await migrate(own.url);
    const database = new Database(own.url, 1);
    await expect(database.rows('update settlement.step set state = state')).rejects.toThrow('permission denied');
    await expect(database.rows('delete from settlement.bill')).rejects.toThrow('permission denied');
    await expect(database.rows('delete from settlement.ledger_block')).rejects.toThrow('permission denied');
    await expect(database.rows('delete from settlement.settlement')).rejects.toThrow('permission denied');
    await database.end();
    await own.drop();
  });
});
