import { type DynamicModule, Logger, Module, type Provider } from '@nestjs/common';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { redisTransport } from '@tallywatt/backing-services/redis-transport';
import { LedgerWriter } from './batching/ledger-writer.js';
import { RatingBatcher } from './batching/rating-batcher.js';
import { Clock, SystemClock } from './clock.js';
import { SETTLEMENT_CONFIG, type SettlementConfig } from './config/settlement.config.js';
import { LedgerMovedSignal } from './events/ledger-moved.js';
import { RemoteLedgerMoved } from './events/remote-ledger-moved.js';
import { SettlementDecisions } from './intake/decisions.js';
import { EmbeddedLedger } from './ledger/embedded-ledger.js';
import { LedgerPort } from './ledger/ledger.port.js';
import { BacklogSource } from './metrics/backlog.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { SettlementMetrics } from './metrics/settlement-metrics.js';
import { PgBacklogSource } from './persistence/backlog.pg.js';
import { Database } from './persistence/database.js';
import { PgLedgerStore } from './persistence/ledger-store.pg.js';
import { Randomness, SystemRandomness } from './randomness.js';
import { SettlementEngine } from './settlement-engine.js';
import { SettlementLifecycle } from './settlement-lifecycle.js';

const PROVIDERS: readonly Provider[] = [
  { provide: Clock, useClass: SystemClock },
  { provide: Randomness, useClass: SystemRandomness },
  {
    provide: Database,
    inject: [SETTLEMENT_CONFIG],
    useFactory: (config: SettlementConfig) => new Database(config.databaseUrl),
  },
  { provide: LedgerPort, inject: [SETTLEMENT_CONFIG, Database, Clock], useFactory: openLedger },
  { provide: LedgerMovedSignal, inject: [SETTLEMENT_CONFIG], useFactory: ledgerMovedSignal },
  { provide: BacklogSource, inject: [Database], useFactory: (database: Database) => new PgBacklogSource(database) },
  {
    provide: SettlementEngine,
    inject: [SETTLEMENT_CONFIG, Database, LedgerPort, LedgerMovedSignal, Clock, Randomness],
    useFactory: engine,
  },
  { provide: LedgerWriter, inject: [SettlementEngine], useFactory: (parts: SettlementEngine) => parts.writer },
  { provide: RatingBatcher, inject: [SettlementEngine], useFactory: (parts: SettlementEngine) => parts.ratings },
  {
    provide: SettlementDecisions,
    inject: [SettlementEngine],
    useFactory: (parts: SettlementEngine) => parts.decisions,
  },
  { provide: SettlementMetrics, inject: [SettlementEngine], useFactory: (parts: SettlementEngine) => parts.metrics },
  SettlementLifecycle,
];

/** The engine and what operations may use of it, for every module of the service. */
@Module({})
export class EngineModule {
  static forConfig(config: SettlementConfig): DynamicModule {
    return {
      module: EngineModule,
      global: true,
      controllers: [MetricsController],
      providers: [{ provide: SETTLEMENT_CONFIG, useValue: config }, ...PROVIDERS],
      exports: [
        SETTLEMENT_CONFIG,
        Clock,
        Randomness,
        Database,
        LedgerPort,
        LedgerWriter,
        RatingBatcher,
        SettlementDecisions,
        SettlementMetrics,
      ],
    };
  }
}

async function openLedger({ ledger }: SettlementConfig, database: Database, clock: Clock): Promise<LedgerPort> {
  const logger = new Logger(LedgerPort.name);
  const report = (fault: string): void => logger.error(fault);
  if (ledger.mode === 'embedded') return new EmbeddedLedger({ store: new PgLedgerStore(database), clock, report });
  // Loaded on demand: Fabric's messages are most of what a start would read, and the embedded ledger needs none.
  const { openFabricLedger } = await import('./ledger/fabric-ledger.js');
  return openFabricLedger(ledger.file, report);
}

function ledgerMovedSignal(config: SettlementConfig): LedgerMovedSignal {
  return new RemoteLedgerMoved(
    ClientProxyFactory.create(
      config.redisUrl === undefined
        ? { transport: Transport.TCP, options: config.csmsTcp }
        : { transport: Transport.REDIS, options: redisTransport(config.redisUrl) },
    ),
  );
}

function engine(
  config: SettlementConfig,
  database: Database,
  ledger: LedgerPort,
  signal: LedgerMovedSignal,
  clock: Clock,
  randomness: Randomness,
): SettlementEngine {
  return new SettlementEngine({ database, ledger, signal, clock, randomness, operators: config.operators });
}
