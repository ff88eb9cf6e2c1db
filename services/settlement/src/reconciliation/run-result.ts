import type { Match, SessionTotal } from './match.js';

interface Total {
  readonly count: number;
  readonly energyWh: string;
  readonly amountMinor: string;
}

/** What a run found, as stored: sums and counts, no row. Bigints are decimal strings. */
export interface RunResult {
  readonly evidence: Total;
  readonly jobs: Total;
  readonly bills: Total;
  readonly matched: number;
  readonly inFlight: number;
  readonly quarantined: number;
  readonly breaks: number;
  /** By name, so that equal results are equal texts. */
  readonly breaksByType: Readonly<Record<string, number>>;
}

class Sum {
  private count = 0;
  private energyWh = 0n;
  private amountMinor = 0n;

  add(total: SessionTotal | undefined): void {
    if (total === undefined) return;
    this.count += 1;
    this.energyWh += total.energyWh;
    this.amountMinor += total.amountMinor;
  }

  total(): Total {
    return { count: this.count, energyWh: this.energyWh.toString(), amountMinor: this.amountMinor.toString() };
  }
}

/** Adds up a run as it goes: sums only, so that memory does not grow with the period. */
export class RunTally {
  private readonly sums = { evidence: new Sum(), jobs: new Sum(), bills: new Sum() };
  private readonly places = { matched: 0, inFlight: 0, quarantined: 0, broken: 0 };
  private readonly byType = new Map<string, number>();

  add(match: Match): void {
    this.sums.evidence.add(match.evidenceTotal);
    this.sums.jobs.add(match.jobTotal);
    for (const total of match.billTotals) this.sums.bills.add(total);
    this.places[match.place] += 1;
    for (const type of match.breaks) this.byType.set(type, (this.byType.get(type) ?? 0) + 1);
  }

  result(): RunResult {
    const { matched, inFlight, quarantined } = this.places;
    const byType = [...this.byType].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      evidence: this.sums.evidence.total(),
      jobs: this.sums.jobs.total(),
      bills: this.sums.bills.total(),
      matched,
      inFlight,
      quarantined,
      breaks: byType.reduce((sum, [, count]) => sum + count, 0),
      breaksByType: Object.fromEntries(byType),
    };
  }
}
