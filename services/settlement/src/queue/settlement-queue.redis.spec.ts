import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { QUEUE_KEY_PREFIX, SETTLE_JOB, SETTLEMENT_QUEUE, type SettlementJob } from '@tallywatt/contracts';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { deletePrefix, OwnRedis, runPrefix, SHARED_REDIS_URL } from '../../../../test/support/redis.js';
import type { SettlementProcessor } from '../intake/settlement.processor.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import { CLOSE_MS_MAX, consumeRedis, LOCK_DURATION_MS, QueueSettingError } from './settlement-queue.js';
import { describeSettlementQueue } from './testing/queue-behaviour.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describeSettlementQueue('Redis', async () => {
  const prefix = runPrefix();
  const redis = new Redis(SHARED_REDIS_URL, { maxRetriesPerRequest: null });
  const wipe = (): Promise<void> => deletePrefix(redis, prefix);
  const options = { connection: redis, prefix };
  return {
    producer: new Queue<SettlementJob>(SETTLEMENT_QUEUE, options),
    doomed: new Worker<SettlementJob>(SETTLEMENT_QUEUE, null, { ...options, lockDuration: LOCK_DURATION_MS }),
    consume: (processor) => consumeRedis(SHARED_REDIS_URL, processor, prefix),
    wipe,
    close: async () => {
      await wipe();
      redis.disconnect();
    },
  };
});

describe('a Redis that fails', () => {
  const processed: string[] = [];
  const processor: Pick<SettlementProcessor, 'process'> = {
    process: async ({ settlementId }) => {
      processed.push(settlementId);
      return 'claimed';
    },
  };
  let redis: OwnRedis;
  beforeAll(async () => {
    redis = await OwnRedis.start();
  });
  afterAll(() => redis.kill());

  const addOne = async (settlementId: string): Promise<void> => {
    const connection = new Redis(redis.url);
    const producer = new Queue<SettlementJob>(SETTLEMENT_QUEUE, { connection, prefix: QUEUE_KEY_PREFIX });
    await producer.add(SETTLE_JOB, { settlementId });
    await producer.close();
    connection.disconnect();
  };

  it('is waited for by a worker that runs, which goes on with the next life', async () => {
    const queue = await consumeRedis(redis.url, processor as SettlementProcessor);
    await addOne('before');
    await until(() => processed.includes('before'));
    await redis.restart();
    await addOne('after the kill');
    await until(() => processed.includes('after the kill'));
    await redis.flush();
    await addOne('after the flush');
    await until(() => processed.includes('after the flush'));
    await queue.close();
  });

  it('does not keep a worker from ending', async () => {
    const queue = await consumeRedis(redis.url, processor as SettlementProcessor);
    await redis.kill();
    const startedMs = performance.now();
    await queue.close();
    expect(performance.now() - startedMs).toBeLessThan(CLOSE_MS_MAX + 1_000);
    await redis.restart();
  });

  it.each(['allkeys-lru', 'volatile-ttl'])('is refused when it may throw jobs away: %s', async (policy) => {
    const evicting = await OwnRedis.start(policy);
    const refused = consumeRedis(evicting.url, processor as SettlementProcessor);
    await expect(refused).rejects.toThrow(QueueSettingError);
    await expect(refused).rejects.toThrow(policy);
    await evicting.kill();
  });
});
