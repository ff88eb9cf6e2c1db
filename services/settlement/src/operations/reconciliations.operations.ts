import type {
  BreakView,
  OperationInput,
  Principal,
  ReconciliationTotals,
  ReconciliationView,
  Role,
} from '@tallywatt/contracts';
import type { Clock } from '../clock.js';
import type { LedgerPort } from '../ledger/ledger.port.js';
import type { BreakRepository, BreakRow } from '../reconciliation/break.repository.js';
import type { ReconciliationService } from '../reconciliation/reconciliation.service.js';
import { RunTally, type RunResult } from '../reconciliation/run-result.js';
import type { Run, RunStore } from '../reconciliation/run-store.js';
import type { AsOf, Period } from '../reconciliation/session-source.js';
import type { LedgerStatusQueries } from './ledger-status-queries.js';
import { type Currency, moneyView } from './money-view.js';
import type { NetworkQueries } from './network-queries.js';
import { FINANCE, type Operation, reads, writes } from './operation.js';
import { pageView } from './paging.js';
import { isSupervision } from './principal-caller.js';
import { readBlock } from './read-block.js';
import { forbiddenOrganisation, invalidField, notFound, OperationRefusal } from './refusal.js';

const AUDITORS: readonly Role[] = ['finance', 'supervisor'];

/** What runs are made from and shown with. */
export interface ReconciliationSources {
  readonly service: ReconciliationService;
  readonly runs: RunStore;
  readonly breaks: BreakRepository;
  readonly projection: LedgerStatusQueries;
  readonly network: NetworkQueries;
}

/** The three-way match on demand: an operator's finance over its own stations, supervision over all. */
export class ReconciliationOperations {
  readonly operations: readonly Operation[] = [
    writes('createReconciliation', AUDITORS, (input, principal) => this.create(input, principal)),
    reads('getReconciliation', AUDITORS, ({ reconciliationId }, principal) => this.get(reconciliationId, principal)),
    reads('listBreaks', AUDITORS, (input, principal) => this.list(input, principal)),
    writes('updateBreak', FINANCE, (input, principal) => this.update(input, principal)),
  ];

  constructor(
    private readonly sources: ReconciliationSources,
    private readonly ledger: LedgerPort,
    private readonly clock: Clock,
  ) {}

  private async create(input: OperationInput<'createReconciliation'>, principal: Principal): Promise<unknown> {
    const operatorId = operatorOf(input.operatorId, principal);
    const [fromMs, toMs] = [Date.parse(input.from), Date.parse(input.to)];
    if (fromMs >= toMs) throw invalidField('/to', 'period', 'must be later than "from"');
    if (this.sources.service.isBusy) throw busy();
    const period = { operatorId, fromMs, toMs };
    const asOf = await this.asOf(period, input.asOfBlock);
    const run = await this.sources.service.create(period, asOf, principal.name);
    return this.view(run);
  }

  /**
   * The last projected block and now. A block that is named makes the run a rerun: it looks at the instant that the last
   * run of the same input looked at, else at the time of that block.
   */
  private async asOf(period: Period, asked: number | undefined): Promise<AsOf> {
    const { projectedBlock } = await this.sources.projection.status();
    const nowMs = this.clock.nowMs();
    if (asked === undefined) return { block: projectedBlock, ms: nowMs };
    if (asked > projectedBlock) throw invalidField('/asOfBlock', 'block', `the last block is ${projectedBlock}`);
    const lastMs = await this.sources.runs.lastAsOfMs(period, asked);
    if (lastMs !== undefined || asked === projectedBlock) return { block: asked, ms: lastMs ?? nowMs };
    const committed = await readBlock(this.ledger, BigInt(asked));
    return { block: asked, ms: committed?.committedAtMs ?? nowMs };
  }

  private async get(reconciliationId: string, principal: Principal): Promise<ReconciliationView> {
    return this.view(await this.visible(reconciliationId, principal));
  }

  private async list(input: OperationInput<'listBreaks'>, principal: Principal): Promise<unknown> {
    await this.visible(input.reconciliationId, principal);
    const rows = await this.sources.breaks.ofRun(input.reconciliationId, input, input);
    return pageView(rows, input.limit, (row) => [row.settlementId, row.type, row.breakId], breakView);
  }

  private async update(input: OperationInput<'updateBreak'>, principal: Principal): Promise<BreakView> {
    const { breakId, state, comment } = input;
    const found = await this.sources.breaks.find(breakId);
    if (found === undefined || found.operatorId !== principal.organisation) throw notFound();
    await this.sources.breaks.decide({ breakId, state, comment, by: principal.name }, this.clock.nowMs());
    const after = await this.sources.breaks.find(breakId);
    return breakView(after ?? found);
  }

  private async visible(reconciliationId: string, principal: Principal): Promise<Run> {
    const run = await this.sources.runs.run(reconciliationId);
    const own = run !== undefined && (isSupervision(principal) || run.operatorId === principal.organisation);
    if (!own) throw notFound();
    return run;
  }

  private async view(run: Run): Promise<ReconciliationView> {
    const currency = await this.sources.network.currency();
    const { evidence, jobs, bills, ...counts } = run.result ?? NOTHING_YET;
    return {
      id: run.reconciliationId,
      state: run.result === null ? 'running' : 'done',
      operatorId: run.operatorId,
      from: new Date(run.fromMs).toISOString(),
      to: new Date(run.toMs).toISOString(),
      asOfBlock: run.asOf.block,
      evidence: totalsView(evidence, currency),
      jobs: totalsView(jobs, currency),
      bills: totalsView(bills, currency),
      ...counts,
      ledger: this.ledger.mode,
    };
  }
}

const NOTHING_YET = new RunTally().result();

/** An operator reconciles its own stations; only supervision may leave the operator open. */
function operatorOf(asked: string | undefined, principal: Principal): string | null {
  if (isSupervision(principal)) return asked ?? null;
  if (asked !== undefined && asked !== principal.organisation) throw forbiddenOrganisation();
  return principal.organisation;
}

function busy(): OperationRefusal {
  const title = 'Too many reconciliations wait already.';
  return new OperationRefusal({ code: 'reconciliations_busy', status: 429, title, retryable: true });
}

function totalsView(total: RunResult['evidence'], currency: Currency): ReconciliationTotals {
  return { count: total.count, energyWh: Number(total.energyWh), amount: moneyView(total.amountMinor, currency) };
}

function breakView({ breakId, operatorId: _operatorId, ...row }: BreakRow): BreakView {
  return { id: breakId, ...row };
}
