import type { OnModuleDestroy } from '@nestjs/common';
import type { Flag } from './flag.js';

/** Flags per station, counted and shown (ocpp.md "Validation"). */
export abstract class FlagCounter {
  abstract count(chargePointId: string, flags: readonly Flag[]): void;
}

export interface FlagCount {
  readonly chargePointId: string;
  readonly flag: Flag;
  readonly count: number;
}

/** Where counts are kept over restarts. */
export abstract class FlagStore {
  /** Adds to what is there. */
  abstract add(counts: readonly FlagCount[]): Promise<void>;
}

/** Counts are for people: they may be this far behind the wire. */
export const FLAG_FLUSH_MS = 2_000;

/** Adds up in memory and passes the sums on now and then; bounded by connected piles × flags. */
export class BufferedFlagCounter extends FlagCounter implements OnModuleDestroy {
  private pending = new Map<string, Map<Flag, number>>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly store: FlagStore) {
    super();
  }

  override count(chargePointId: string, flags: readonly Flag[]): void {
    for (const flag of flags) this.add({ chargePointId, flag, count: 1 });
  }

  /** Counts since the last flush. */
  countsOf(chargePointId: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.pending.get(chargePointId) ?? []);
  }

  async onModuleDestroy(): Promise<void> {
    await this.flush();
  }

  /** Never rejects: what could not be stored is counted again later. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const flushed = this.pending;
    this.pending = new Map();
    const counts = [...flushed].flatMap(([chargePointId, ofPile]) =>
      [...ofPile].map(([flag, count]) => ({ chargePointId, flag, count })),
    );
    if (counts.length === 0) return;
    try {
      await this.store.add(counts);
    } catch {
      for (const count of counts) this.add(count);
    }
  }

  private add({ chargePointId, flag, count }: FlagCount): void {
    const ofPile = this.pending.get(chargePointId) ?? new Map<Flag, number>();
    this.pending.set(chargePointId, ofPile);
    ofPile.set(flag, (ofPile.get(flag) ?? 0) + count);
    this.timer ??= setTimeout(() => void this.flush(), FLAG_FLUSH_MS).unref();
  }
}
