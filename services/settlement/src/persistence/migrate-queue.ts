import { runMigrations } from 'bullmq';
import pg from 'pg';

/** BullMQ's own tables, in the schema that is named; safe to run from several processes at once. */
export async function migrateQueue(databaseUrl: string, schema: string): Promise<void> {
  // One session, never a pool: BullMQ's lock and transaction belong to it.
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tallywatt-queue-migrations' });
  await client.connect();
  try {
    await runMigrations(client, schema);
  } finally {
    await client.end();
  }
}
