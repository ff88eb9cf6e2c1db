import { Global, Inject, Injectable, Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import { CommandStore } from '../commands/command-store.js';
import { CSMS_CONFIG, type CsmsConfig } from '../config/csms.config.js';
import { ConnectionLog } from '../connection/connection-log.js';
import { PendingPiles } from '../connection/pending-piles.js';
import { FrameLog } from '../connection/pile-caller.js';
import { FlagStore } from '../ocpp/flag-counter.js';
import { PileJournal } from '../handlers/pile-journal.js';
import { CommitFeed } from '../sessions/commit-feed.js';
import { Periodic } from '../sessions/periodic.js';
import { StandingSource } from '../sessions/driver-standing.js';
import { SessionRepository, TagStore } from '../sessions/session.repository.js';
import { PgCommandStore } from './command.pg.js';
import { PgConnectionLog } from './connection-log.pg.js';
import { createPool } from './database.js';
import { PgStandingSource } from './driver-standing.pg.js';
import { PgFlagStore } from './flag-store.pg.js';
import { PgFrameLog } from './frame-log.pg.js';
import { InstancePresence, SAY_ALIVE_INTERVAL_MS } from './instance-presence.pg.js';
import { keepPartitions, PARTITION_INTERVAL_MS } from './partitions.js';
import { PileActivity } from './pile-activity.pg.js';
import { PgPendingPiles } from './pending-piles.pg.js';
import { PgPileJournal } from './pile-journal.pg.js';
import { PgSessionRepository } from './session-repository.pg.js';
import { StoreCircuit } from './store-circuit.js';

/** Prepares the database at start; at the end writes what is still in memory, then closes the pool. */
@Injectable()
export class PersistenceLifecycle implements OnModuleInit, OnApplicationShutdown {
  private readonly partitions: Periodic;
  private readonly signs: Periodic;

  constructor(
    @Inject(pg.Pool) private readonly pool: pg.Pool,
    private readonly sessions: PgSessionRepository,
    private readonly frames: PgFrameLog,
    private readonly connections: PgConnectionLog,
    private readonly activity: PileActivity,
    private readonly pending: PgPendingPiles,
    private readonly presence: InstancePresence,
  ) {
    this.signs = new Periodic('presence', SAY_ALIVE_INTERVAL_MS, () => presence.sayAlive());
    this.partitions = new Periodic('partitions', PARTITION_INTERVAL_MS, () => keepPartitions(pool, new Date()));
  }

  async onModuleInit(): Promise<void> {
    await keepPartitions(this.pool, new Date());
    // Before the port is open: what connects here is marked as ours.
    await this.presence.sayAlive();
    this.partitions.start();
    this.signs.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.partitions.stop(), this.signs.stop()]);
    await this.sessions.drain();
    await Promise.all([this.frames.flush(), this.connections.flush(), this.activity.flush(), this.pending.flush()]);
    // An absence that cannot be told is noticed.
    await this.presence.leave().catch(() => undefined);
    await this.pool.end();
  }
}

const withPool = <T>(make: (pool: pg.Pool, circuit: StoreCircuit) => T) => ({
  useFactory: make,
  inject: [pg.Pool, StoreCircuit],
});

/** PostgreSQL behind every port that the OCPP side has; the pool itself under `pg.Pool`. */
@Global()
@Module({
  providers: [
    { provide: pg.Pool, useFactory: (config: CsmsConfig) => createPool(config.databaseUrl), inject: [CSMS_CONFIG] },
    { provide: StoreCircuit, useFactory: () => new StoreCircuit() },
    { provide: PgSessionRepository, ...withPool((pool, circuit) => new PgSessionRepository(pool, circuit)) },
    { provide: SessionRepository, useExisting: PgSessionRepository },
    { provide: TagStore, useExisting: PgSessionRepository },
    { provide: CommitFeed, useExisting: PgSessionRepository },
    { provide: StandingSource, ...withPool((pool) => new PgStandingSource(pool)) },
    { provide: PileJournal, ...withPool((pool, circuit) => new PgPileJournal(pool, circuit)) },
    { provide: CommandStore, ...withPool((pool) => new PgCommandStore(pool)) },
    { provide: FlagStore, ...withPool((pool, circuit) => new PgFlagStore(pool, circuit)) },
    { provide: PileActivity, ...withPool((pool, circuit) => new PileActivity(pool, circuit)) },
    {
      provide: PgFrameLog,
      useFactory: (pool: pg.Pool, circuit: StoreCircuit, activity: PileActivity) =>
        new PgFrameLog(pool, circuit, activity),
      inject: [pg.Pool, StoreCircuit, PileActivity],
    },
    { provide: FrameLog, useExisting: PgFrameLog },
    { provide: InstancePresence, ...withPool((pool) => new InstancePresence(pool)) },
    { provide: PgPendingPiles, ...withPool((pool) => new PgPendingPiles(pool)) },
    { provide: PendingPiles, useExisting: PgPendingPiles },
    {
      provide: PgConnectionLog,
      useFactory: (pool: pg.Pool, circuit: StoreCircuit, { instanceId }: InstancePresence) =>
        new PgConnectionLog(pool, circuit, instanceId),
      inject: [pg.Pool, StoreCircuit, InstancePresence],
    },
    { provide: ConnectionLog, useExisting: PgConnectionLog },
    PersistenceLifecycle,
  ],
  exports: [
    pg.Pool,
    StoreCircuit,
    PgSessionRepository,
    SessionRepository,
    TagStore,
    CommitFeed,
    StandingSource,
    PileJournal,
    CommandStore,
    FlagStore,
    FrameLog,
    ConnectionLog,
    PendingPiles,
  ],
})
export class PersistenceModule {}
