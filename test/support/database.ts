import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** Real PostgreSQL for specs: `TEST_DATABASE_URL`, else the local server's superuser over TCP. */
const SERVER_URL = process.env['TEST_DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export interface TestDatabase {
  /** Owner's URL of a database that nobody else uses. */
  readonly url: string;
  /** Drops it, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Creates an empty database with a random name, for one spec file. Migrate it with the service's own runner.
 * @throws when no server answers: specs against a database never pass without one.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `tallywatt_test_${randomBytes(8).toString('hex')}`;
  await onServer(`create database ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`drop database if exists ${name} with (force)`) };
}

async function onServer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: SERVER_URL, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
  } catch (error) {
    throw new Error('specs need PostgreSQL: set TEST_DATABASE_URL to an owner who may create databases', {
      cause: error,
    });
  }
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
