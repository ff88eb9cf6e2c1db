import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SETTLEMENT_QUEUE, type SettlementJob } from '@tallywatt/contracts';
import { createPostgresBackend, withBackend } from 'bullmq';
import { migrateQueue } from '../persistence/migrate-queue.js';
import { PATIENCE_MS } from '../testing/until.js';
import type { SettlementProcessor } from '../intake/settlement.processor.js';
import {
  consumePostgres,
  consumeRedis,
  LOCK_DURATION_MS,
  QUEUE_SCHEMA,
  STALLED_COUNT_MAX,
  STALLED_INTERVAL_MS,
} from './settlement-queue.js';
import { describeSettlementQueue } from './testing/queue-behaviour.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describeSettlementQueue('PostgreSQL', async ({ url, owner }) => {
  await migrateQueue(url, QUEUE_SCHEMA);
  await migrateQueue(url, QUEUE_SCHEMA);
  const backend = withBackend(createPostgresBackend);
  const connection = { connectionString: url, schema: QUEUE_SCHEMA };
  return {
    producer: new backend.Queue<SettlementJob>(SETTLEMENT_QUEUE, { connection }),
    doomed: new backend.Worker<SettlementJob>(SETTLEMENT_QUEUE, null, { connection, lockDuration: LOCK_DURATION_MS }),
    consume: async (processor) => consumePostgres(url, processor),
    wipe: async () => void (await owner.query(`truncate ${QUEUE_SCHEMA}.job cascade`)),
    close: async () => undefined,
  };
});

describe('settlement queue', () => {
  it('keeps the settings that a killed worker needs', () => {
    expect({ LOCK_DURATION_MS, STALLED_INTERVAL_MS, STALLED_COUNT_MAX }).toEqual({
      LOCK_DURATION_MS: 5000,
      STALLED_INTERVAL_MS: 2500,
      STALLED_COUNT_MAX: 100,
    });
  });

  it('does not start without the Redis that it was told of', async () => {
    const processor: Pick<SettlementProcessor, 'process'> = { process: async () => 'claimed' };
    await expect(consumeRedis('redis://127.0.0.1:1', processor as SettlementProcessor)).rejects.toThrow();
  });
});
