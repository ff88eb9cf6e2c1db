import { Logger } from '@nestjs/common';
import { OperatorWorkers } from '../batching/operator-workers.js';
import { Clock } from '../clock.js';
import { SettlementMetrics } from '../metrics/settlement-metrics.js';
import { priceFacts } from '../pricing/price-facts.js';
import { TariffBook } from '../pricing/tariff-book.js';
import { type Claim, ClaimStore, type Ruling } from './claim-store.js';
import { FactSource, type SettlementFacts } from './settlement-facts.js';

/** Facts → settlement rows, in bulk. Whoever hears of facts first (job, sweeper) claims them; the row decides who was first. */
export class ClaimService {
  private readonly logger = new Logger(ClaimService.name);

  constructor(
    private readonly facts: FactSource,
    private readonly store: ClaimStore,
    private readonly tariffs: TariffBook,
    private readonly workers: OperatorWorkers,
    private readonly clock: Clock,
    private readonly metrics: SettlementMetrics,
  ) {}

  /** Claims by id. @returns the ids that have a row now; the facts of the others are not visible (yet). */
  async claimByIds(settlementIds: readonly string[]): Promise<ReadonlySet<string>> {
    const claimed = await this.store.claimed(settlementIds);
    const missing = settlementIds.filter((settlementId) => !claimed.has(settlementId));
    if (missing.length === 0) return claimed;
    const facts = await this.facts.byIds(missing);
    this.announce(await this.store.save(await this.rule(facts), this.clock.nowMs()));
    return new Set([...claimed, ...facts.map((fact) => fact.settlementId)]);
  }

  /**
   * Claims the next facts after the mark that have no row or a newer revision, and moves the mark.
   * @returns how many facts were looked at; fewer than `limit` means that there are no more.
   */
  async claimNext(limit: number): Promise<number> {
    const facts = await this.facts.since(await this.store.mark(), limit);
    const last = facts.at(-1);
    if (last === undefined) return 0;
    const known = await this.store.known(facts);
    const fresh = facts.filter((fact) => !known.has(fact.settlementId));
    this.announce(await this.store.save(await this.rule(fresh), this.clock.nowMs(), last.changeSeq));
    return facts.length;
  }

  /** Bills held sessions whose time of waiting for the real Stop is over. @returns how many were looked at. */
  async endHolds(limit: number): Promise<number> {
    const ids = await this.store.holdsOver(this.clock.nowMs(), limit);
    if (ids.length === 0) return 0;
    const claims = await this.rule(await this.facts.byIds(ids));
    this.announce(await this.store.endHolds(claims, this.clock.nowMs()));
    return ids.length;
  }

  /** What would become of these facts if nothing held them: a person's release or correction. */
  async ruleReleased(facts: SettlementFacts): Promise<Ruling> {
    const stations = await this.tariffs.of([facts.stationId]);
    return this.price(facts, stations);
  }

  private async rule(facts: readonly SettlementFacts[]): Promise<Claim[]> {
    if (facts.length === 0) return [];
    const nowMs = this.clock.nowMs();
    const stations = await this.tariffs.of(facts.map((fact) => fact.stationId));
    return facts.map((fact) => ({ facts: fact, ruling: holdOf(fact, nowMs) ?? this.price(fact, stations) }));
  }

  private price(facts: SettlementFacts, stations: Awaited<ReturnType<TariffBook['of']>>): Ruling {
    try {
      return priceFacts(facts, stations.get(facts.stationId));
    } catch (error) {
      // A defect, but of one bill: a person looks at it, the others go on.
      this.logger.error({ message: 'session not priced', settlementId: facts.settlementId, error: String(error) });
      return { state: 'quarantined', code: 'pricing_failed' };
    }
  }

  private announce(claims: readonly Claim[]): void {
    const pending = new Map<string, number>();
    for (const { facts, ruling } of claims) {
      this.metrics.claims.inc({ state: ruling.state });
      if (ruling.state === 'pending') pending.set(facts.operatorId, (pending.get(facts.operatorId) ?? 0) + 1);
    }
    for (const [operatorId, count] of pending) this.workers.wake(operatorId, count);
  }
}

/** Held facts wait for a person, or until their time is over and their energy is known. */
function holdOf(facts: SettlementFacts, nowMs: number): Ruling | undefined {
  if (facts.holdReason === null) return undefined;
  const over = facts.holdUntilMs !== null && facts.holdUntilMs <= nowMs;
  return over ? undefined : { state: 'quarantined', code: facts.holdReason };
}
