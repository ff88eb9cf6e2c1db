import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { MigrationError, migrateSchema } from './migrations.js';

describe.each(['csms', 'settlement'] as const)('migrations of schema %s', (schema) => {
  let base: TestDatabase;
  let path: string;
  let folder: URL;
  const migrate = (): Promise<string[]> => migrateSchema(base.url, { schema, folder, lock: 7_411_999 });

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
      `create table ${schema}.a (id int); grant select on ${schema}.a to tallywatt_csms, tallywatt_settlement`,
    );
    await writeFile(new URL('002_b.sql', folder), `insert into ${schema}.a values (2)`);
    const applied = await Promise.all([1, 2, 3].map(() => migrate()));
    expect(applied.flat().sort()).toEqual(['001_a.sql', '002_b.sql']);
    await writeFile(new URL('003_c.sql', folder), `insert into ${schema}.a values (3)`);
    expect(await migrate()).toEqual(['003_c.sql']);
  });

  it('leaves nothing of a migration that fails, and names it', async () => {
    const text = `create table ${schema}.d (id int); insert into ${schema}.nowhere values (1)`;
    await writeFile(new URL('004_d.sql', folder), text);
    await expect(migrate()).rejects.toThrow('004_d.sql');
    await writeFile(new URL('004_d.sql', folder), `create table ${schema}.d (id int)`);
    expect(await migrate()).toEqual(['004_d.sql']);
  });

  it('refuses an applied file that was edited, and one that is gone', async () => {
    await writeFile(new URL('002_b.sql', folder), `insert into ${schema}.a values (22)`);
    await expect(migrate()).rejects.toThrow(MigrationError);
    await expect(migrate()).rejects.toThrow('002_b.sql was edited');
    await rm(new URL('002_b.sql', folder));
    await expect(migrate()).rejects.toThrow('the database has migration 002_b.sql, which this build does not know');
  });
});
