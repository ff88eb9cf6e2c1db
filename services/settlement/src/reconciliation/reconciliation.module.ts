import { randomUUID } from 'node:crypto';
import { Injectable, Module, type OnApplicationBootstrap, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '../clock.js';
import { PgBreakRepository } from '../persistence/break-repository.pg.js';
import { Database } from '../persistence/database.js';
import { PgLedgerStatusQueries } from '../persistence/ledger-status-queries.pg.js';
import { PgRunStore } from '../persistence/run-store.pg.js';
import { PgSessionSource } from '../persistence/session-source.pg.js';
import { ReconciliationService } from './reconciliation.service.js';
import { ReconciliationWatch } from './reconciliation-watch.js';

export function createReconciliationService(database: Database, clock: Clock): ReconciliationService {
  const breaks = new PgBreakRepository(database);
  return new ReconciliationService(new PgRunStore(database), new PgSessionSource(database), breaks, clock, randomUUID);
}

export function createReconciliationWatch(database: Database, clock: Clock): ReconciliationWatch {
  const sessions = new PgSessionSource(database);
  const projection = new PgLedgerStatusQueries(database);
  return new ReconciliationWatch(
    new PgRunStore(database),
    sessions,
    new PgBreakRepository(database),
    projection,
    clock,
  );
}

/** Both ways of matching start with the service and end before its database does. */
@Injectable()
class ReconciliationLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly service: ReconciliationService,
    private readonly watch: ReconciliationWatch,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.service.start();
    this.watch.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watch.stop();
    await this.service.stop();
  }
}

@Module({
  providers: [
    { provide: ReconciliationService, inject: [Database, Clock], useFactory: createReconciliationService },
    { provide: ReconciliationWatch, inject: [Database, Clock], useFactory: createReconciliationWatch },
    ReconciliationLifecycle,
  ],
  exports: [ReconciliationService],
})
export class ReconciliationModule {}
