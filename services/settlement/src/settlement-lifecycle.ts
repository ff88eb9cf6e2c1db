import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SETTLEMENT_CONFIG, type SettlementConfig } from './config/settlement.config.js';
import { LedgerPort } from './ledger/ledger.port.js';
import { Database } from './persistence/database.js';
import { consumePostgres, consumeRedis, type SettlementQueue } from './queue/settlement-queue.js';
import { SettlementEngine } from './settlement-engine.js';

/** Order of start and stop: ledger, engine, queue; and back. */
@Injectable()
export class SettlementLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  private queue: SettlementQueue | undefined;

  constructor(
    @Inject(SETTLEMENT_CONFIG) private readonly config: SettlementConfig,
    private readonly database: Database,
    private readonly ledger: LedgerPort,
    private readonly engine: SettlementEngine,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.ledger.start();
    await this.engine.start();
    const { processor } = this.engine;
    const { databaseUrl, redisUrl } = this.config;
    this.queue =
      redisUrl === undefined ? consumePostgres(databaseUrl, processor) : await consumeRedis(redisUrl, processor);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.queue?.close();
    await this.engine.stop();
    await this.ledger.stop();
    await this.database.end();
  }
}
