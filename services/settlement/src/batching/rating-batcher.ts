import { type ItemVerdict, type RateItemArgs, SETTLE_ITEMS_MAX } from '@tallywatt/contracts';
import { LedgerWriter } from './ledger-writer.js';

/** Ratings come one by one; this long they gather. */
export const RATE_GATHER_MS = 100;

/** Where one rating ended. */
export interface RatedItem {
  readonly verdict: ItemVerdict;
  readonly txId: string;
  readonly blockNumber: bigint;
}

interface Waiting {
  readonly item: RateItemArgs;
  readonly resolve: (rated: RatedItem) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Ratings in batches, under the driver's operator. Batches follow each other: two at a time would meet at a popular
 * station's evaluation, and one of them would be endorsed in vain.
 */
export class RatingBatcher {
  private readonly waiting = new Map<string, Waiting[]>();
  private running = false;

  constructor(private readonly writer: LedgerWriter) {}

  /** @throws LedgerError as {@link LedgerWriter.write} does; a refused item is a verdict, not an error. */
  rate(userOperatorId: string, item: RateItemArgs): Promise<RatedItem> {
    return new Promise((resolve, reject) => {
      const queue = this.waiting.get(userOperatorId) ?? [];
      queue.push({ item, resolve, reject });
      this.waiting.set(userOperatorId, queue);
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    await new Promise((resolve) => setTimeout(resolve, RATE_GATHER_MS));
    for (let next = this.takeBatch(); next !== undefined; next = this.takeBatch())
      await this.send(next.operatorId, next.batch);
    this.running = false;
  }

  /** A bill is rated once: a second rating of the same bill waits for the next batch, and hears there that it is one. */
  private takeBatch(): { readonly operatorId: string; readonly batch: readonly Waiting[] } | undefined {
    const [first] = this.waiting;
    if (first === undefined) return undefined;
    const [operatorId, queue] = first;
    const batch = new Map<string, Waiting>();
    const rest: Waiting[] = [];
    for (const waiting of queue) {
      const id = waiting.item.settlementId;
      if (batch.size < SETTLE_ITEMS_MAX && !batch.has(id)) batch.set(id, waiting);
      else rest.push(waiting);
    }
    // Behind the others, so that no operator waits for another one's stream.
    this.waiting.delete(operatorId);
    if (rest.length > 0) this.waiting.set(operatorId, rest);
    return { operatorId, batch: [...batch.values()] };
  }

  private async send(operatorId: string, batch: readonly Waiting[]): Promise<void> {
    const items = batch.map((waiting) => waiting.item).sort((a, b) => (a.settlementId < b.settlementId ? -1 : 1));
    const evIds = items.map((item) => item.evId);
    try {
      const written = await this.writer.write('RateBatch', { items }, { mspId: operatorId, role: 'settler' }, evIds);
      const verdicts = new Map(written.items.map((verdict) => [verdict.settlementId, verdict]));
      for (const waiting of batch) answer(waiting, verdicts.get(waiting.item.settlementId), written);
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}

function answer(
  waiting: Waiting,
  verdict: ItemVerdict | undefined,
  written: { readonly txId: string; readonly blockNumber: bigint },
): void {
  if (verdict === undefined)
    waiting.reject(new Error(`block ${written.blockNumber} has no verdict for ${waiting.item.settlementId}`));
  else waiting.resolve({ verdict, txId: written.txId, blockNumber: written.blockNumber });
}
