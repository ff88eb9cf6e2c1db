import { Injectable, Module, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { CSMS_CONFIG, type CsmsConfig } from '../config/csms.config.js';
import { CommitFeed } from '../sessions/commit-feed.js';
import { postgresSettlementQueue, redisSettlementQueue } from './bullmq-settlement-queue.js';
import { OutboxRelay, SettlementQueue } from './outbox-relay.js';

/** Every commit is looked through for settlement requests. */
@Injectable()
export class OutboxLifecycle implements OnModuleInit, BeforeApplicationShutdown {
  constructor(
    private readonly relay: OutboxRelay,
    private readonly queue: SettlementQueue,
    private readonly commits: CommitFeed,
  ) {}

  onModuleInit(): void {
    this.commits.onCommit((changes) => this.relay.announce(changes));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.relay.drain();
    await this.queue.close().catch(() => undefined);
  }
}

@Module({
  providers: [
    {
      provide: SettlementQueue,
      useFactory: (config: CsmsConfig) =>
        config.redisUrl === undefined
          ? postgresSettlementQueue(config.databaseUrl)
          : redisSettlementQueue(config.redisUrl),
      inject: [CSMS_CONFIG],
    },
    { provide: OutboxRelay, useFactory: (queue: SettlementQueue) => new OutboxRelay(queue), inject: [SettlementQueue] },
    OutboxLifecycle,
  ],
})
export class OutboxModule {}
