import type { StateChange, StateView, StoredEntry, StoredValue } from './ledger-store.js';

/** Entries, not bytes: values are about 100 B, so this is a few tens of megabytes at most. */
export const CACHED_KEYS_MAX = 100_000;

/**
 * Committed state in memory. Coherent because this process is the only writer while the cache is on: every commit is
 * applied, and what a read brings is kept only if no commit was applied while it was under way.
 */
export class StateCache implements StateView {
  /** undefined: known not to exist. Insertion order is the order of last use. */
  private readonly known = new Map<string, StoredValue | undefined>();
  private epoch = 0;
  private on = false;

  constructor(
    private readonly source: StateView,
    private readonly keysMax = CACHED_KEYS_MAX,
  ) {}

  /** Call when the right to write was got: from here on every commit goes through {@link apply}. */
  enable(): void {
    this.forget();
    this.on = true;
  }

  /** Call when the right to write is lost, or a commit's outcome is unknown. */
  disable(): void {
    this.on = false;
    this.forget();
  }

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    const found = new Map<string, StoredValue>();
    const missing: string[] = [];
    for (const key of keys) {
      if (!this.known.has(key)) missing.push(key);
      else this.use(key, found);
    }
    if (missing.length > 0) await this.readThrough(missing, found);
    return found;
  }

  range(start: string, end: string, limit: number): Promise<readonly StoredEntry[]> {
    return this.source.range(start, end, limit);
  }

  /** A commit happened. Only keys that are known are kept up to date: rows that are only ever written stay out. */
  apply(blockNumber: bigint, changes: readonly StateChange[]): void {
    this.epoch++;
    for (const { key, value, position } of changes) {
      if (!this.known.has(key)) continue;
      this.known.set(key, value === null ? undefined : { value, version: `${blockNumber}:${position}` });
    }
  }

  private async readThrough(missing: readonly string[], found: Map<string, StoredValue>): Promise<void> {
    const epoch = this.epoch;
    const read = await this.source.getMany(missing);
    const isCurrent = this.on && epoch === this.epoch;
    for (const key of missing) {
      const value = read.get(key);
      if (value !== undefined) found.set(key, value);
      if (isCurrent) this.remember(key, value);
    }
  }

  private use(key: string, found: Map<string, StoredValue>): void {
    const value = this.known.get(key);
    if (value !== undefined) found.set(key, value);
    this.known.delete(key);
    this.known.set(key, value);
  }

  private remember(key: string, value: StoredValue | undefined): void {
    this.known.set(key, value);
    if (this.known.size <= this.keysMax) return;
    const oldest = this.known.keys().next();
    if (oldest.done !== true) this.known.delete(oldest.value);
  }

  private forget(): void {
    this.epoch++;
    this.known.clear();
  }
}
