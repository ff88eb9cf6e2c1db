import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { QUEUE_KEY_PREFIX, SETTLEMENT_QUEUE } from '@tallywatt/contracts';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { deletePrefix, OwnRedis, runPrefix, SHARED_REDIS_URL } from '../../../../test/support/redis.js';
import { redisSettlementQueue } from './bullmq-settlement-queue.js';
import { describeProducer, job } from './testing/producer-behaviour.js';

Logger.overrideLogger(false);
const BACK_MS_MAX = 20_000;

describeProducer('Redis', async () => {
  const prefix = runPrefix();
  const redis = new Redis(SHARED_REDIS_URL);
  const reader = new Queue(SETTLEMENT_QUEUE, { connection: redis, prefix });
  return {
    queue: () => redisSettlementQueue(SHARED_REDIS_URL, prefix),
    queueAt: (port) => redisSettlementQueue(`redis://127.0.0.1:${port}`),
    waiting: async () => (await reader.getJobs(['waiting'])).map(({ id, data }) => [id, data as unknown] as const),
    close: async () => {
      await reader.close();
      await deletePrefix(redis, prefix);
      redis.disconnect();
    },
  };
});

describe('a Redis that was killed', () => {
  it(
    'fails what is added meanwhile, and takes jobs again when it is back',
    async () => {
      const redis = await OwnRedis.start();
      const queue = redisSettlementQueue(redis.url);
      await queue.add([job('before')]);
      await redis.kill();
      await expect(queue.add([job('meanwhile')])).rejects.toThrow();
      await redis.restart();
      const deadlineMs = performance.now() + BACK_MS_MAX;
      const taken = (): Promise<boolean> =>
        queue.add([job('after')]).then(
          () => true,
          () => false,
        );
      while (!(await taken()) && performance.now() < deadlineMs) await sleep(50);
      const reader = new Redis(redis.url);
      expect(await reader.exists(`${QUEUE_KEY_PREFIX}:${SETTLEMENT_QUEUE}:s-after`)).toBe(1);
      reader.disconnect();
      await queue.close();
      await redis.kill();
    },
    2 * BACK_MS_MAX,
  );
});
