import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import pg from 'pg';

/** The owners of the services' tables: each writes its own schema only, and reads the other's views (docs/decisions/002). */
const ROLES = ['tallywatt_csms', 'tallywatt_settlement'] as const;

export class MigrationError extends Error {}

/** What one service keeps in the database. */
export interface SchemaMigrations {
  readonly schema: 'csms' | 'settlement';
  /** Plain SQL, in order of the file names. */
  readonly folder: URL;
  /** Key of the advisory lock: one migrating process per schema at a time. */
  readonly lock: number;
}

interface Migration {
  readonly name: string;
  readonly text: string;
  readonly sha256: string;
}

/**
 * Brings a schema up to date, as the owner of the database. Safe to run from several processes at once.
 * @returns the names of the migrations that were applied now.
 * @throws MigrationError when an applied file was edited or is gone.
 */
export async function migrateSchema(url: string, { schema, folder, lock }: SchemaMigrations): Promise<string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: url, application_name: `tallywatt-${schema}-migrations` });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lock]);
    await prepareSchema(client, schema);
    return await applyPending(client, schema, migrations);
  } finally {
    await client.end();
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), 'utf8');
      return { name, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
  );
}

async function prepareSchema(client: pg.Client, schema: string): Promise<void> {
  for (const role of ROLES) await ensureRole(client, role);
  await client.query(`create schema if not exists ${schema}`);
  await client.query(
    `create table if not exists ${schema}.migration
       (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
  );
}

/** Roles belong to the whole server, so another database's migration may make the same one at the same moment. */
async function ensureRole(client: pg.Client, role: string): Promise<void> {
  await client.query(`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
      exception when duplicate_object or unique_violation then null;
    end $$`);
  const { rows } = await client.query<{ member: boolean }>(`select pg_has_role(current_user, $1, 'member') as member`, [
    role,
  ]);
  if (rows[0]?.member !== true) await client.query(`grant ${role} to current_user`);
}

async function applyPending(client: pg.Client, schema: string, migrations: readonly Migration[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string; sha256: string }>(`select name, sha256 from ${schema}.migration`);
  const applied = new Map(rows.map((row) => [row.name, row.sha256]));
  assertUnchanged(applied, migrations);
  const pending = migrations.filter((migration) => !applied.has(migration.name));
  for (const migration of pending) await apply(client, schema, migration);
  return pending.map((migration) => migration.name);
}

function assertUnchanged(applied: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  for (const [name, sha256] of applied) {
    const known = migrations.find((migration) => migration.name === name);
    if (!known) throw new MigrationError(`the database has migration ${name}, which this build does not know`);
    if (known.sha256 !== sha256) throw new MigrationError(`migration ${name} was edited after it was applied`);
  }
}

async function apply(client: pg.Client, schema: string, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(migration.text);
    await client.query(`insert into ${schema}.migration (name, sha256) values ($1, $2)`, [
      migration.name,
      migration.sha256,
    ]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw new MigrationError(`${migration.name}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
