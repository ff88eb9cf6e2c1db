import { OwnRedis } from '../support/redis.js';
import type { Books } from './books.js';

/** The queue of a run on one of its back ends, with what can happen to it. */
export interface FaultyQueue {
  /** Tells the start command about it. */
  readonly env: Readonly<Record<string, string>>;
  /** Loses every job, under the hands of whoever uses it. */
  wipe(books: Books): Promise<void>;
  /** `kill -9` of its server, which comes back empty; undefined when the database is its server. */
  readonly killServer?: () => Promise<void>;
  close(): Promise<void>;
}

export const POSTGRES_QUEUE: FaultyQueue = {
  env: {},
  wipe: truncateQueueSchema,
  close: () => Promise.resolve(),
};

/** On a Redis of the run's own, without persistence. */
export async function redisQueue(): Promise<FaultyQueue> {
  const redis = await OwnRedis.start();
  return {
    env: { REDIS_URL: redis.url },
    wipe: () => redis.flush(),
    killServer: () => redis.restart(),
    close: () => redis.kill(),
  };
}

/** Every table of the PostgreSQL queue but the one that tells its schema's version. */
async function truncateQueueSchema(books: Books): Promise<void> {
  const tables = await books.rows<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname = 'queue' and tablename not like '%migration%' order by 1`,
  );
  if (tables.length === 0) throw new Error('the queue has no tables: nothing would be wiped');
  await books.rows(`truncate ${tables.map(({ name }) => name).join(', ')} cascade`);
}
