import type { Answer, OperationName, Principal, Role } from '@tallywatt/contracts';
import { EmbeddedLedger } from '../ledger/embedded-ledger.js';
import { createOperations } from '../operations/create-operations.js';
import type { OperationDispatcher } from '../operations/operation-dispatcher.js';
import { PgLedgerStore } from '../persistence/ledger-store.pg.js';
import { createReconciliationService } from '../reconciliation/reconciliation.module.js';
import { EngineHarness, ShiftedClock } from './engine-harness.js';
import { createSettlementDatabase, type SettlementDatabase } from './test-database.js';

export function principal(role: Role, organisation: string, evId?: string): Principal {
  const name = `${role} of ${organisation}`;
  return evId === undefined ? { role, organisation, name } : { role, organisation, name, evId };
}

/** The operations over a database and the embedded ledger: everything but the wire. */
export class OperationsHarness {
  private constructor(
    readonly base: SettlementDatabase,
    readonly engines: EngineHarness,
    readonly ledger: EmbeddedLedger,
    private readonly dispatcher: OperationDispatcher,
  ) {}

  static async create(): Promise<OperationsHarness> {
    const base = await createSettlementDatabase();
    const faults: string[] = [];
    const ledger = new EmbeddedLedger({
      store: new PgLedgerStore(base.database),
      clock: new ShiftedClock(),
      report: (fault) => faults.push(fault),
    });
    ledger.start();
    const engines = new EngineHarness(base, ledger);
    const { writer, ratings, decisions } = await engines.begin();
    const { database } = base;
    const reconciliations = createReconciliationService(database, engines.clock);
    const dispatcher = createOperations({
      database,
      ledger,
      writer,
      ratings,
      decisions,
      reconciliations,
      clock: engines.clock,
    });
    return new OperationsHarness(base, engines, ledger, dispatcher);
  }

  ask(operation: OperationName, who: Principal, input: object = {}): Promise<Answer<unknown>> {
    return this.dispatcher.answer({ operation, principal: who, requestId: 'request-1', input });
  }

  /** Whatever arrives at the door. */
  send(message: unknown): Promise<Answer<unknown>> {
    return this.dispatcher.answer(message);
  }

  /** @throws when the operation refuses. */
  async value<T = unknown>(operation: OperationName, who: Principal, input: object = {}): Promise<T> {
    const answer = await this.ask(operation, who, input);
    if (!answer.ok) throw new Error(`${operation}: ${JSON.stringify(answer.problem)}`);
    return answer.value as T;
  }

  async end(): Promise<void> {
    await this.engines.end();
    await this.ledger.stop();
    await this.base.drop();
  }
}
