import { Logger } from '@nestjs/common';
import { QUEUE_KEY_PREFIX, SETTLEMENT_QUEUE, type SettlementJob } from '@tallywatt/contracts';
import { createPostgresBackend, Queue, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import { SettlementQueue, type QueuedJob } from './outbox-relay.js';

/** BullMQ's own tables; settlement migrates them. */
export const QUEUE_SCHEMA = 'queue';
/** A job is a wake-up call that the sweeper replaces: it need not survive a power cut, and waits for no disk. */
const QUEUE_SESSION_OPTIONS = '-c synchronous_commit=off';
/** One round trip at a time needs one connection, and one to get over a broken one. */
const QUEUE_CONNECTIONS = 2;
/** The relay does not wait for a queue that is away. */
const CONNECT_TIMEOUT_MS = 3_000;

/** BullMQ waits for a queue that is away; the relay must not, or a stop would hang too. */
export const ADD_TIMEOUT_MS = 5_000;

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(reject, limitMs, new Error('the queue does not answer'));
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

interface Producer {
  addBulk(jobs: { name: string; data: SettlementJob; opts: { jobId: string } }[]): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

class BullMqSettlementQueue extends SettlementQueue {
  private readonly logger = new Logger('settlement-queue');

  constructor(
    private readonly producer: Producer,
    private readonly disconnect: () => void = () => undefined,
  ) {
    super();
    // Without a listener each lost connection prints a stack.
    producer.on('error', (error) => this.logger.warn({ message: 'queue', error: error.message }));
  }

  override async add(jobs: readonly QueuedJob[]): Promise<void> {
    await within(ADD_TIMEOUT_MS, this.producer.addBulk([...jobs]));
  }

  override async close(): Promise<void> {
    await within(ADD_TIMEOUT_MS, this.producer.close()).finally(this.disconnect);
  }
}

/** The queue on PostgreSQL. */
export function postgresSettlementQueue(databaseUrl: string): SettlementQueue {
  const backend = withBackend(createPostgresBackend);
  const connection = {
    connectionString: databaseUrl,
    schema: QUEUE_SCHEMA,
    options: QUEUE_SESSION_OPTIONS,
    max: QUEUE_CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  };
  return new BullMqSettlementQueue(new backend.Queue<SettlementJob>(SETTLEMENT_QUEUE, { connection }));
}

/** The queue on Redis, under its keys' `prefix`: a producer fails fast, settlement's sweeper is behind it. */
export function redisSettlementQueue(redisUrl: string, prefix = QUEUE_KEY_PREFIX): SettlementQueue {
  const connection = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableOfflineQueue: false,
  });
  return new BullMqSettlementQueue(new Queue<SettlementJob>(SETTLEMENT_QUEUE, { connection, prefix }), () =>
    connection.disconnect(),
  );
}
