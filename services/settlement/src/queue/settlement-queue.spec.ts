import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SETTLE_JOB, SETTLEMENT_QUEUE, type SettlementJob, settlementJobId } from '@tallywatt/contracts';
import { createPostgresBackend, type Queue, withBackend } from 'bullmq';
import type { JobOutcome, SettlementProcessor } from '../intake/settlement.processor.js';
import { migrateQueue } from '../persistence/migrate-queue.js';
import { createSettlementDatabase, type SettlementDatabase } from '../testing/test-database.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import {
  consumePostgres,
  consumeRedis,
  LOCK_DURATION_MS,
  LOOK_AGAIN_MS,
  QUEUE_SCHEMA,
  type SettlementQueue,
  STALLED_COUNT_MAX,
  STALLED_INTERVAL_MS,
} from './settlement-queue.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describe('settlement queue on PostgreSQL', () => {
  let base: SettlementDatabase;
  let producer: Pick<Queue<SettlementJob>, 'add' | 'getJobCounts' | 'close'>;
  let queue: SettlementQueue | undefined;
  const processed: { readonly id: string; readonly looks: number }[] = [];
  let answer: (job: SettlementJob, looks: number) => JobOutcome;

  beforeAll(async () => {
    base = await createSettlementDatabase();
    await migrateQueue(base.url, QUEUE_SCHEMA);
    await migrateQueue(base.url, QUEUE_SCHEMA);
    const backend = withBackend(createPostgresBackend);
    producer = new backend.Queue<SettlementJob>(SETTLEMENT_QUEUE, {
      connection: { connectionString: base.url, schema: QUEUE_SCHEMA },
    });
  });

  afterEach(async () => {
    await queue?.close();
    queue = undefined;
    processed.length = 0;
  });

  afterAll(async () => {
    await producer.close();
    await base.drop();
  });

  const consume = (): void => {
    const processor: Pick<SettlementProcessor, 'process'> = {
      process: async (job, looks) => {
        processed.push({ id: job.settlementId, looks });
        return answer(job, looks);
      },
    };
    queue = consumePostgres(base.url, processor as SettlementProcessor);
  };
  const add = (settlementId: string) =>
    producer.add(
      SETTLE_JOB,
      { settlementId },
      { jobId: settlementJobId(settlementId), attempts: 1, removeOnComplete: true },
    );
  const left = async () =>
    Object.values(await producer.getJobCounts('waiting', 'active', 'delayed', 'failed')).reduce(
      (sum, count) => sum + count,
      0,
    );

  it('keeps the settings that a killed worker needs', () => {
    expect({ LOCK_DURATION_MS, STALLED_INTERVAL_MS, STALLED_COUNT_MAX }).toEqual({
      LOCK_DURATION_MS: 5000,
      STALLED_INTERVAL_MS: 2500,
      STALLED_COUNT_MAX: 100,
    });
  });

  it('hands each job over once and forgets it, also those from before its start', async () => {
    answer = () => 'claimed';
    await add('a');
    consume();
    await add('b');
    await until(() => processed.length === 2);
    await until(async () => (await left()) === 0);
    expect(processed.map((job) => job.id).sort()).toEqual(['a', 'b']);
  });

  it('brings a job back later without using its one attempt', async () => {
    answer = (_job, looks) => (looks < 3 ? 'later' : 'claimed');
    consume();
    const startedMs = Date.now();
    await add('c');
    await until(() => processed.length === 3, 10 * LOOK_AGAIN_MS);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(2 * LOOK_AGAIN_MS - 100);
    expect(processed.map((job) => job.looks)).toEqual([1, 2, 3]);
    await until(async () => (await left()) === 0);
  });

  it('fails a job that names nothing, and keeps it for a look', async () => {
    answer = () => 'abandoned';
    consume();
    await add('d');
    await until(async () => (await producer.getJobCounts('failed'))['failed'] === 1);
  });
});

describe('settlement queue on Redis', () => {
  it('does not start without its Redis', async () => {
    const processor: Pick<SettlementProcessor, 'process'> = { process: async () => 'claimed' };
    await expect(consumeRedis('redis://127.0.0.1:1', processor as SettlementProcessor)).rejects.toThrow();
  });
});
