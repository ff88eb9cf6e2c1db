import { ClaimService } from './claim.service.js';

/** Jobs arrive one by one; for this long they gather, so that rows are written many at a time. */
export const GATHER_MS = 50;
/** One statement's worth. */
export const GATHER_MAX = 500;

interface Waiting {
  readonly settlementId: string;
  readonly resolve: (claimed: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Turns single ids into bulk claims. */
export class ClaimGatherer {
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly claims: ClaimService) {}

  /** Resolves with true when the settlement has its row, false when its facts are not visible. @throws what the database says. */
  claim(settlementId: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ settlementId, resolve, reject });
      if (this.waiting.length >= GATHER_MAX) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
    });
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const gathered = this.waiting;
    this.waiting = [];
    void this.claimAll(gathered);
  }

  private async claimAll(gathered: readonly Waiting[]): Promise<void> {
    try {
      const claimed = await this.claims.claimByIds([...new Set(gathered.map((waiting) => waiting.settlementId))]);
      for (const { settlementId, resolve } of gathered) resolve(claimed.has(settlementId));
    } catch (error) {
      for (const { reject } of gathered) reject(error);
    }
  }
}
