import type { StateVersion } from './state-reader.js';

/** What endorsing one invocation gave: the read set with versions, the write set, at most one event. */
export interface Simulation {
  /** JSON as the contract answered it. */
  readonly result: string;
  readonly readSet: readonly KeyRead[];
  readonly rangeReads: readonly RangeRead[];
  /** In key order; a later write of the same key replaced the earlier one. */
  readonly writeSet: readonly KeyWrite[];
  readonly event: { readonly name: string; readonly payload: Uint8Array } | null;
}
/** version null: the key did not exist. */
export interface KeyRead {
  readonly key: string;
  readonly version: StateVersion | null;
}
export interface RangeRead {
  readonly start: string;
  readonly end: string;
  readonly limit: number;
  readonly seen: readonly KeyRead[];
}
/** value null: deleted. */
export interface KeyWrite {
  readonly key: string;
  readonly value: Uint8Array | null;
}
