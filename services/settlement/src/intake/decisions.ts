import { OperatorWorkers } from '../batching/operator-workers.js';
import { Clock } from '../clock.js';
import { ClaimService } from './claim.service.js';
import { ClaimStore, type Decision, type Ruling } from './claim-store.js';
import { FactSource } from './settlement-facts.js';

/** How a decision ended. `pending` has its new attempt; `quarantined(code)` could not be priced even so. */
export type DecisionOutcome =
  | { readonly outcome: 'pending' | 'dropped' }
  | { readonly outcome: 'quarantined'; readonly code: string }
  /** No such settlement. */
  | { readonly outcome: 'unknown' }
  /** Neither quarantined nor invalid: there is nothing to decide. */
  | { readonly outcome: 'not_waiting' };

/** A person's word on a quarantined or invalid settlement. Who may say it, the caller has checked. */
export class SettlementDecisions {
  constructor(
    private readonly facts: FactSource,
    private readonly claims: ClaimService,
    private readonly store: ClaimStore,
    private readonly workers: OperatorWorkers,
    private readonly clock: Clock,
  ) {}

  async decide(decision: Decision): Promise<DecisionOutcome> {
    const [facts] = await this.facts.byIds([decision.settlementId]);
    if (facts === undefined) return { outcome: 'unknown' };
    const meterStopWh = decision.meterStopWh ?? facts.meterStopWh;
    const ruling: Ruling | 'dropped' =
      decision.decision === 'drop' ? 'dropped' : await this.claims.ruleReleased({ ...facts, meterStopWh });
    const decided = await this.store.decide(decision, ruling, this.clock.nowMs());
    if (!decided) return { outcome: 'not_waiting' };
    if (ruling === 'dropped') return { outcome: 'dropped' };
    if (ruling.state === 'quarantined') return { outcome: 'quarantined', code: ruling.code };
    this.workers.wake(facts.operatorId, 1);
    return { outcome: 'pending' };
  }
}
