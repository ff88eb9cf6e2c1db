import type { OperationInput, Principal } from '@tallywatt/contracts';
import type { Decision } from '../intake/claim-store.js';
import type { SettlementDecisions } from '../intake/decisions.js';
import { type Currency, moneyView } from './money-view.js';
import type { NetworkQueries } from './network-queries.js';
import { EVERYONE, FINANCE, type Operation, reads, STAFF, writes } from './operation.js';
import { pageView } from './paging.js';
import { conflict, forbiddenOrganisation, invalidField, notFound } from './refusal.js';
import type { DecisionRow, SettlementQueries, SettlementRow, StepRow } from './settlement-queries.js';
import { visibilityOf } from './visibility.js';

/** finance.md section 7: attempts, next attempt, last code; what needs a person is decided by the station's operator. */
export class SettlementOperations {
  readonly operations: readonly Operation[] = [
    reads('listSettlements', STAFF, (input, principal) => this.list(input, principal)),
    reads('settlementTrail', EVERYONE, ({ settlementId }, principal) => this.trail(settlementId, principal)),
    writes('retrySettlement', FINANCE, ({ settlementId }, principal) => this.retry(settlementId, principal)),
    writes('decideSettlement', FINANCE, (input, principal) => this.decide(input, principal)),
  ];

  constructor(
    private readonly queries: SettlementQueries,
    private readonly network: NetworkQueries,
    private readonly decisions: SettlementDecisions,
  ) {}

  private async list(input: OperationInput<'listSettlements'>, principal: Principal): Promise<unknown> {
    const rows = await this.queries.settlements(input, visibilityOf(principal), input);
    const currency = await this.network.currency();
    return pageView(
      rows,
      input.limit,
      (row) => [row.claimOrder],
      (row) => settlementView(row, currency),
    );
  }

  private async trail(settlementId: string, principal: Principal): Promise<unknown> {
    const settlement = await this.visible(settlementId, principal);
    const currency = await this.network.currency();
    const [steps, decisions] = await Promise.all([
      this.queries.steps(settlementId),
      this.queries.decisions(settlementId),
    ]);
    return {
      settlement: settlementView(settlement, currency),
      steps: steps.map((step) => stepView(step, currency)),
      // A driver learns how the bill came to be, not who at the operator decided.
      decisions: principal.role === 'driver' ? [] : decisions.map(decisionView),
    };
  }

  /** Another attempt for what the ledger refused; a quarantined one needs a decision with its reason. */
  private async retry(settlementId: string, principal: Principal): Promise<unknown> {
    const settlement = await this.own(settlementId, principal);
    if (settlement.state !== 'invalid') throw notWaiting();
    return this.apply(
      { settlementId, decision: 'retry', meterStopWh: null, reason: 'retry', ...by(principal) },
      principal,
    );
  }

  private async decide(input: OperationInput<'decideSettlement'>, principal: Principal): Promise<unknown> {
    const { settlementId, decision, meterStopWh, reason } = input;
    await this.own(settlementId, principal);
    if ((decision === 'correct') !== (meterStopWh !== undefined)) {
      throw invalidField('/meterStopWh', 'meter_stop', 'goes with the decision "correct", and only with it');
    }
    const corrected = meterStopWh === undefined ? null : BigInt(meterStopWh);
    return this.apply({ settlementId, decision, meterStopWh: corrected, reason, ...by(principal) }, principal);
  }

  private async apply(decision: Decision, principal: Principal): Promise<unknown> {
    const { outcome } = await this.decisions.decide(decision);
    if (outcome === 'unknown') throw notFound();
    if (outcome === 'not_waiting') throw notWaiting();
    return settlementView(await this.visible(decision.settlementId, principal), await this.network.currency());
  }

  /** Both parties see a settlement; only the station's operator bills it. */
  private async own(settlementId: string, principal: Principal): Promise<SettlementRow> {
    const settlement = await this.visible(settlementId, principal);
    if (settlement.operatorId !== principal.organisation) throw forbiddenOrganisation();
    return settlement;
  }

  private async visible(settlementId: string, principal: Principal): Promise<SettlementRow> {
    const settlement = await this.queries.settlement(settlementId, visibilityOf(principal));
    if (settlement === undefined) throw notFound();
    return settlement;
  }
}

function by(principal: Principal): Pick<Decision, 'decidedBy' | 'organisation'> {
  return { decidedBy: principal.name, organisation: principal.organisation };
}

function notWaiting(): Error {
  return conflict('settlement_not_waiting', 'The settlement does not wait for a person.');
}

function settlementView(row: SettlementRow, currency: Currency): object {
  const { claimOrder: _claimOrder, totalMinor, blockNumber, nextAttemptAt, updatedAt, ...same } = row;
  return {
    ...same,
    ...amounts(totalMinor, blockNumber, currency),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    updatedAt: updatedAt.toISOString(),
  };
}

function stepView({ totalMinor, blockNumber, at, ...same }: StepRow, currency: Currency): object {
  return { ...same, ...amounts(totalMinor, blockNumber, currency), at: at.toISOString() };
}

function amounts(totalMinor: string | null, blockNumber: string | null, currency: Currency): object {
  return {
    total: totalMinor === null ? null : moneyView(totalMinor, currency),
    blockNumber: blockNumber === null ? null : Number(blockNumber),
  };
}

function decisionView({ meterStopWh, decidedAt, ...same }: DecisionRow): object {
  return {
    ...same,
    meterStopWh: meterStopWh === null ? null : Number(meterStopWh),
    decidedAt: decidedAt.toISOString(),
  };
}
