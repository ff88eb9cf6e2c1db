import { Logger } from '@nestjs/common';
import { SETTLEMENT_QUEUE } from '@tallywatt/contracts';
import { createPostgresBackend, runMigrations, withBackend } from 'bullmq';
import pg from 'pg';
import { createTestDatabase } from '../../../../test/support/database.js';
import { postgresSettlementQueue, QUEUE_SCHEMA } from './bullmq-settlement-queue.js';
import { describeProducer } from './testing/producer-behaviour.js';

Logger.overrideLogger(false);

describeProducer('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await runMigrations(client, QUEUE_SCHEMA);
  await client.end();
  const { Queue } = withBackend(createPostgresBackend);
  const reader = new Queue(SETTLEMENT_QUEUE, {
    connection: { connectionString: database.url, schema: QUEUE_SCHEMA },
  });
  return {
    queue: () => postgresSettlementQueue(database.url),
    queueAt: (port) => postgresSettlementQueue(`postgres://nobody@127.0.0.1:${port}/nothing`),
    waiting: async () => (await reader.getJobs(['waiting'])).map(({ id, data }) => [id, data as unknown] as const),
    close: async () => {
      await reader.close();
      await database.drop();
    },
  };
});
