import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SETTLEMENT_QUEUE } from '@tallywatt/contracts';
import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { postgresSettlementQueue, QUEUE_SCHEMA } from './bullmq-settlement-queue.js';
import type { QueuedJob } from './outbox-relay.js';

Logger.overrideLogger(false);
let database: TestDatabase;
const job = (id: string): QueuedJob => ({ name: 'settle', data: { settlementId: id }, opts: { jobId: `s-${id}` } });

beforeAll(async () => {
  database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await runMigrations(client, QUEUE_SCHEMA);
  await client.end();
});
afterAll(() => database.drop());

describe('the settlement queue on PostgreSQL', () => {
  it('gets each job once, however often it is added', async () => {
    const queue = postgresSettlementQueue(database.url);
    await queue.add([job('a'), job('b')]);
    await queue.add([job('b'), job('c')]);
    await queue.close();
    const { Queue } = withBackend(createPostgresBackend);
    const reader = new Queue(SETTLEMENT_QUEUE, {
      connection: { connectionString: database.url, schema: QUEUE_SCHEMA },
    });
    const jobs = await reader.getJobs(['waiting']);
    await reader.close();
    expect(jobs.map(({ id, data }) => [id, data as unknown]).toSorted()).toEqual(
      ['a', 'b', 'c'].map((id) => [`s-${id}`, { settlementId: id }]),
    );
  });
});
