/** Where a value was written last: block and position in it. `b:t` as text. */
export type StateVersion = string;

export interface VersionedValue {
  readonly value: Uint8Array;
  readonly version: StateVersion;
}
export interface VersionedEntry extends VersionedValue {
  readonly key: string;
}

/** Committed state as a simulation sees it. Keys sort by their UTF-8 bytes. */
export interface StateReader {
  /** Only keys that exist are in the answer. */
  getMany(keys: readonly string[]): Promise<ReadonlyMap<string, VersionedValue>>;
  /** Entries with start ≤ key < end, in key order, at most `limit`. */
  range(start: string, end: string, limit: number): Promise<readonly VersionedEntry[]>;
}
