import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { QUEUE_KEY_PREFIX, SETTLEMENT_QUEUE, type SettlementJob } from '@tallywatt/contracts';
import { createPostgresBackend, DelayedError, type Job, UnrecoverableError, Worker, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import type { SettlementProcessor } from '../intake/settlement.processor.js';

/** BullMQ's own tables. */
export const QUEUE_SCHEMA = 'queue';
/** A job is a wake-up call that the sweeper replaces: it need not survive a power cut, and waits for no disk. */
const QUEUE_SESSION_OPTIONS = '-c synchronous_commit=off';
/** reliability.md section 2: a killed worker's job runs again after 5–6 s instead of 91 s. */
export const LOCK_DURATION_MS = 5_000;
export const STALLED_INTERVAL_MS = 2_500;
/** With the default of 1 the second kill would fail a job for ever. */
export const STALLED_COUNT_MAX = 100;
/** Jobs at once: they only gather to be claimed in bulk. */
export const JOBS_AT_ONCE = 200;
/** When a job comes back: its facts are not visible yet, or the database is away. */
export const LOOK_AGAIN_MS = 1_000;

/** A stop waits so long for jobs in hand; what they were about, the next start's sweeper finds. */
export const CLOSE_MS_MAX = 3_000;
/** Between two lines about the queue's errors. */
const ERROR_LINE_EVERY_MS = 5_000;

const WORKER_OPTIONS = {
  concurrency: JOBS_AT_ONCE,
  lockDuration: LOCK_DURATION_MS,
  stalledInterval: STALLED_INTERVAL_MS,
  maxStalledCount: STALLED_COUNT_MAX,
  // A claimed settlement has its row; its job says nothing more.
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 1_000 },
} as const;

export class QueueSettingError extends Error {}

/** The queue's consuming end. */
export interface SettlementQueue {
  close(): Promise<void>;
}

/** Queue on PostgreSQL; its schema must be migrated. */
export function consumePostgres(databaseUrl: string, processor: SettlementProcessor): SettlementQueue {
  const backend = withBackend(createPostgresBackend);
  const connection = { connectionString: databaseUrl, schema: QUEUE_SCHEMA, options: QUEUE_SESSION_OPTIONS };
  const worker = new backend.Worker<SettlementJob>(SETTLEMENT_QUEUE, handler(processor), {
    ...WORKER_OPTIONS,
    connection,
  });
  return consuming(worker);
}

/** Queue on Redis; `prefix` of its keys. @throws QueueSettingError when Redis may evict jobs. */
export async function consumeRedis(
  redisUrl: string,
  processor: SettlementProcessor,
  prefix = QUEUE_KEY_PREFIX,
): Promise<SettlementQueue> {
  await assertNoEviction(redisUrl);
  // A worker waits for a Redis that is away; null is BullMQ's own demand for it.
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const worker = new Worker<SettlementJob>(SETTLEMENT_QUEUE, handler(processor), {
    ...WORKER_OPTIONS,
    connection,
    prefix,
  });
  return consuming(worker, {
    isAway: () => connection.status !== 'ready',
    disconnect: () => connection.disconnect(),
  });
}

async function assertNoEviction(redisUrl: string): Promise<void> {
  // One try: a start without its Redis ends, and whoever supervises it tries again.
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true, retryStrategy: () => null });
  // What went wrong, the awaited call says.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const info = await redis.info('memory');
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
    if (policy !== 'noeviction') {
      throw new QueueSettingError(`Redis has maxmemory-policy ${policy ?? '(unknown)'}; the queue needs noeviction`);
    }
  } finally {
    redis.disconnect();
  }
}

function handler(processor: SettlementProcessor) {
  return async (job: Job<SettlementJob>, token?: string): Promise<void> => {
    const outcome = await processor.process(job.data, job.attemptsStarted);
    switch (outcome) {
      case 'claimed':
        return;
      case 'later':
        await job.moveToDelayed(Date.now() + LOOK_AGAIN_MS, token);
        throw new DelayedError();
      case 'abandoned':
        throw new UnrecoverableError('no facts for this id');
    }
  };
}

interface Server {
  isAway(): boolean;
  disconnect(): void;
}
/** BullMQ ends its own connections to PostgreSQL, which answer or break. */
const OWN_CONNECTIONS: Server = { isAway: () => false, disconnect: () => undefined };

interface ClosingWorker {
  on(event: 'error', listener: (error: Error) => void): unknown;
  close(force?: boolean): Promise<void>;
}

function consuming(worker: ClosingWorker, server: Server = OWN_CONNECTIONS): SettlementQueue {
  reportErrors(worker);
  return {
    close: async () => {
      // BullMQ says goodbye to a server that is away for as long as it is away.
      const closed = worker.close(server.isAway());
      await Promise.race([closed, sleep(CLOSE_MS_MAX, undefined, { ref: false })]);
      server.disconnect();
    },
  };
}

function reportErrors(worker: ClosingWorker): void {
  const logger = new Logger('SettlementQueue');
  let silentUntilMs = 0;
  let silenced = 0;
  // Without a listener each lost connection prints a stack. A queue that is away says so for every job: one line is enough.
  worker.on('error', (error) => {
    const nowMs = performance.now();
    if (nowMs < silentUntilMs) {
      silenced += 1;
      return;
    }
    logger.warn({ message: 'queue', error: error.message, likeThisBefore: silenced });
    silentUntilMs = nowMs + ERROR_LINE_EVERY_MS;
    silenced = 0;
  });
}
