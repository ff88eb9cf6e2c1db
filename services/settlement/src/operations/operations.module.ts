import { Module } from '@nestjs/common';
import { LedgerWriter } from '../batching/ledger-writer.js';
import { RatingBatcher } from '../batching/rating-batcher.js';
import { Clock } from '../clock.js';
import { SettlementDecisions } from '../intake/decisions.js';
import { LedgerPort } from '../ledger/ledger.port.js';
import { Database } from '../persistence/database.js';
import { ReconciliationModule } from '../reconciliation/reconciliation.module.js';
import { ReconciliationService } from '../reconciliation/reconciliation.service.js';
import { createOperations } from './create-operations.js';
import { OperationDispatcher } from './operation-dispatcher.js';
import { OperationsController } from './operations.controller.js';

/** Answers `settlement.operation`; what it needs comes from the engine's module, which is global. */
@Module({
  imports: [ReconciliationModule],
  controllers: [OperationsController],
  providers: [
    {
      provide: OperationDispatcher,
      inject: [Database, LedgerPort, LedgerWriter, RatingBatcher, SettlementDecisions, ReconciliationService, Clock],
      useFactory: (
        database: Database,
        ledger: LedgerPort,
        writer: LedgerWriter,
        ratings: RatingBatcher,
        decisions: SettlementDecisions,
        reconciliations: ReconciliationService,
        clock: Clock,
      ): OperationDispatcher =>
        createOperations({ database, ledger, writer, ratings, decisions, reconciliations, clock }),
    },
  ],
})
export class OperationsModule {}
