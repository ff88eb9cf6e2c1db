import { Logger } from '@nestjs/common';
import { QUEUE_KEY_PREFIX } from '@tallywatt/contracts';
import { Redis } from 'ioredis';
import { InstanceDirectory } from './instance-directory.js';

const PILES_KEY = `${QUEUE_KEY_PREFIX}:piles`;
const aliveKey = (instanceId: string): string => `${QUEUE_KEY_PREFIX}:csms:${instanceId}`;
/** A process that says nothing for so long is dead, and its piles are nobody's. */
export const ALIVE_SECONDS = 15;
export const SAY_ALIVE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;
const RELEASE = `if redis.call('hget', KEYS[1], ARGV[1]) == ARGV[2] then redis.call('hdel', KEYS[1], ARGV[1]) end`;

/** A hash pile → process, and a key per process that expires with it. Losing Redis costs at most {@link SAY_ALIVE_MS}. */
export class RedisInstanceDirectory extends InstanceDirectory {
  private readonly logger = new Logger(RedisInstanceDirectory.name);
  private readonly redis: Redis;
  private readonly mine = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  /** Something could not be written: all of it is written again. */
  private isStale = false;

  constructor(
    redisUrl: string,
    private readonly instanceId: string,
  ) {
    super();
    this.redis = new Redis(redisUrl, {
      maxRetriesPerRequest: 1,
      enableOfflineQueue: false,
      connectTimeout: CONNECT_TIMEOUT_MS,
      commandTimeout: CONNECT_TIMEOUT_MS,
    });
    // Without a listener each lost connection prints a stack.
    this.redis.on('error', (error) => this.logger.warn({ message: 'directory', error: error.message }));
    this.redis.on('ready', () => void this.sayAlive());
    this.timer = setInterval(() => void this.sayAlive(), SAY_ALIVE_MS);
  }

  override async take(chargePointId: string): Promise<void> {
    this.mine.add(chargePointId);
    await this.write(() => this.redis.hset(PILES_KEY, chargePointId, this.instanceId));
  }

  override async release(chargePointId: string): Promise<void> {
    this.mine.delete(chargePointId);
    await this.write(() => this.redis.eval(RELEASE, 1, PILES_KEY, chargePointId, this.instanceId));
  }

  override async holderOf(chargePointId: string): Promise<string | undefined> {
    const instanceId = await this.redis.hget(PILES_KEY, chargePointId);
    if (instanceId === null) return undefined;
    return (await this.redis.exists(aliveKey(instanceId))) === 1 ? instanceId : undefined;
  }

  override async heldAmong(chargePointIds: readonly string[]): Promise<ReadonlySet<string>> {
    if (chargePointIds.length === 0) return new Set();
    const holders = await this.redis.hmget(PILES_KEY, ...chargePointIds);
    const instanceIds = [...new Set(holders.filter((holder) => holder !== null))];
    if (instanceIds.length === 0) return new Set();
    const signs = await this.redis.mget(...instanceIds.map(aliveKey));
    const alive = new Set(instanceIds.filter((_, index) => signs[index] !== null));
    return new Set(chargePointIds.filter((_, index) => alive.has(holders[index] ?? '')));
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.redis.del(aliveKey(this.instanceId)).catch(() => 0);
    this.redis.disconnect();
  }

  private async sayAlive(): Promise<void> {
    await this.write(async () => {
      const known = await this.redis.set(aliveKey(this.instanceId), '1', 'EX', ALIVE_SECONDS, 'GET');
      if (known !== null && !this.isStale) return;
      this.isStale = false;
      const held = [...this.mine].flatMap((chargePointId) => [chargePointId, this.instanceId]);
      if (held.length > 0) await this.redis.hset(PILES_KEY, ...held);
    });
  }

  private async write(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch {
      this.isStale = true;
    }
  }
}
