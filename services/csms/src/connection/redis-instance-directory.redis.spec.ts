import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { QUEUE_KEY_PREFIX } from '@tallywatt/contracts';
import { Redis } from 'ioredis';
import { until } from '../../../../test/support/product.js';
import { OwnRedis } from '../../../../test/support/redis.js';
import { ALIVE_SECONDS, RedisInstanceDirectory, SAY_ALIVE_MS } from './redis-instance-directory.js';

Logger.overrideLogger(false);

describe('the directory of instances on Redis', () => {
  let redis: OwnRedis;
  let reader: Redis;
  let a: RedisInstanceDirectory;
  let b: RedisInstanceDirectory;
  beforeAll(async () => {
    redis = await OwnRedis.start();
    reader = new Redis(redis.url);
    a = new RedisInstanceDirectory(redis.url, 'a');
    b = new RedisInstanceDirectory(redis.url, 'b');
    const alive = (): Promise<number> => reader.exists(`${QUEUE_KEY_PREFIX}:csms:a`, `${QUEUE_KEY_PREFIX}:csms:b`);
    await until('both are alive', alive, (count) => count === 2);
  });
  afterAll(async () => {
    reader.disconnect();
    await Promise.all([a.close(), b.close()]);
    await redis.kill();
  });

  it('says alive often enough that one lost word changes nothing', () => {
    expect(2 * SAY_ALIVE_MS).toBeLessThan(ALIVE_SECONDS * 1_000);
  });

  it('names who took a pile last, for all', async () => {
    expect(await b.holderOf('CP-1')).toBeUndefined();
    await a.take('CP-1');
    expect(await b.holderOf('CP-1')).toBe('a');
    await b.take('CP-1');
    expect(await a.holderOf('CP-1')).toBe('b');
  });

  it('lets nobody release what another has taken', async () => {
    await a.release('CP-1');
    expect(await a.holderOf('CP-1')).toBe('b');
    await b.release('CP-1');
    expect(await a.holderOf('CP-1')).toBeUndefined();
  });

  it('counts the piles of a process that died as nobody’s', async () => {
    await Promise.all([a.take('CP-1'), b.take('CP-2')]);
    expect(await a.heldAmong(['CP-1', 'CP-2', 'CP-3'])).toEqual(new Set(['CP-1', 'CP-2']));
    await reader.del(`${QUEUE_KEY_PREFIX}:csms:b`);
    expect(await a.heldAmong(['CP-1', 'CP-2', 'CP-3'])).toEqual(new Set(['CP-1']));
    expect(await a.holderOf('CP-2')).toBeUndefined();
    expect(await a.heldAmong([])).toEqual(new Set());
  });

  it('keeps no key longer than its process says something', async () => {
    const ttlSeconds = await reader.ttl(`${QUEUE_KEY_PREFIX}:csms:a`);
    expect(ttlSeconds).toBeGreaterThan(0);
    expect(ttlSeconds).toBeLessThanOrEqual(ALIVE_SECONDS);
  });

  it('says that it is away instead of waiting, and writes down afterwards what it could not', async () => {
    await redis.kill();
    await a.take('CP-4');
    await expect(a.holderOf('CP-4')).rejects.toThrow();
    await redis.restart();
    const holder = (): Promise<string | undefined> => b.holderOf('CP-4').catch(() => undefined);
    await until('it is written', holder, (instanceId) => instanceId === 'a');
    expect(await b.holderOf('CP-1')).toBe('a');
  }, 60_000);
});
