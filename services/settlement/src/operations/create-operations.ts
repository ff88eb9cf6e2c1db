import type { LedgerWriter } from '../batching/ledger-writer.js';
import type { RatingBatcher } from '../batching/rating-batcher.js';
import type { Clock } from '../clock.js';
import type { SettlementDecisions } from '../intake/decisions.js';
import type { LedgerPort } from '../ledger/ledger.port.js';
import { PgBreakRepository } from '../persistence/break-repository.pg.js';
import { PgAccountQueries } from '../persistence/account-queries.pg.js';
import { PgBillQueries } from '../persistence/bill-queries.pg.js';
import type { Database } from '../persistence/database.js';
import { PgLedgerStatusQueries } from '../persistence/ledger-status-queries.pg.js';
import { PgMovementQueries } from '../persistence/movement-queries.pg.js';
import { PgNetworkQueries } from '../persistence/network-queries.pg.js';
import { PgOperationAudit } from '../persistence/operation-audit.pg.js';
import { PgRunStore } from '../persistence/run-store.pg.js';
import { PgSettlementQueries } from '../persistence/settlement-queries.pg.js';
import { PgStationQueries } from '../persistence/station-queries.pg.js';
import { PgStationTariffs } from '../persistence/station-tariffs.pg.js';
import { PgTariffQueries } from '../persistence/tariff-queries.pg.js';
import type { ReconciliationService } from '../reconciliation/reconciliation.service.js';
import { AccountOperations } from './accounts.operations.js';
import { BillOperations } from './bills.operations.js';
import { LedgerOperations } from './ledger.operations.js';
import { MoneyOperations } from './money.operations.js';
import { NetworkOperations } from './network.operations.js';
import { OperationDispatcher } from './operation-dispatcher.js';
import { OperationRegistry } from './operation-registry.js';
import { ReconciliationOperations } from './reconciliations.operations.js';
import { SettlementOperations } from './settlements.operations.js';
import { StationOperations } from './stations.operations.js';
import { TariffOperations } from './tariffs.operations.js';

/** What the operations are made from. */
export interface OperationParts {
  readonly database: Database;
  readonly ledger: LedgerPort;
  readonly writer: LedgerWriter;
  readonly ratings: RatingBatcher;
  readonly decisions: SettlementDecisions;
  readonly reconciliations: ReconciliationService;
  readonly clock: Clock;
}

/** Every operation of `/v1` that settlement answers, wired once. @throws Error when one is missing or doubled. */
export function createOperations(parts: OperationParts): OperationDispatcher {
  const { database, ledger, writer, ratings, decisions, reconciliations, clock } = parts;
  const network = new PgNetworkQueries(database);
  const accounts = new PgAccountQueries(database);
  const stations = new PgStationQueries(database);
  const bills = new PgBillQueries(database);
  const settlements = new PgSettlementQueries(database);
  const movements = new PgMovementQueries(database);
  const tariffs = new PgStationTariffs(database);
  const projection = new PgLedgerStatusQueries(database);
  const groups = [
    new NetworkOperations(network, writer),
    new TariffOperations(new PgTariffQueries(database), writer, clock),
    new StationOperations({ stations, tariffs, accounts, network }, writer, clock),
    new AccountOperations(accounts, network, writer),
    new MoneyOperations({ accounts, stations, bills, movements, network }, ledger, writer),
    new BillOperations(bills, network, ledger, ratings, clock),
    new SettlementOperations(settlements, network, decisions),
    new LedgerOperations(ledger, projection, settlements, network),
    new ReconciliationOperations(
      {
        service: reconciliations,
        runs: new PgRunStore(database),
        breaks: new PgBreakRepository(database),
        projection,
        network,
      },
      ledger,
      clock,
    ),
  ];
  const registry = new OperationRegistry(groups.map((group) => group.operations));
  return new OperationDispatcher(registry, new PgOperationAudit(database), clock);
}
