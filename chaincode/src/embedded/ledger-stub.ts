import type { BulkStub, StateWrite } from '../bulk-state.js';
import type { ContractStub, StatePage } from '../contract-stub.js';
import type { KeyRead, KeyWrite, RangeRead } from './simulation.js';
import type { StateReader, VersionedValue } from './state-reader.js';

export interface Invocation {
  readonly txId: string;
  readonly timestampMs: number;
  readonly fn: string;
  readonly args: string;
}

/** Fabric's composite keys: U+0000, type, U+0000, then each attribute and U+0000; U+10FFFF closes a range of them. */
const SEPARATOR = '\u0000';
const RANGE_END = '\u{10FFFF}';
const NOTHING = new Uint8Array(0);

/**
 * fabric-shim's stub over a {@link StateReader}, with Fabric's semantics: reads never see this transaction's writes,
 * every read notes the version it saw, ranges note what they saw, writes are collected, the last event wins.
 */
export class LedgerStub implements ContractStub, BulkStub {
  private readonly reads = new Map<string, VersionedValue | undefined>();
  private readonly ranges: RangeRead[] = [];
  private readonly writes = new Map<string, Uint8Array | null>();
  private lastEvent: { readonly name: string; readonly payload: Uint8Array } | null = null;

  constructor(
    private readonly invocation: Invocation,
    private readonly reader: StateReader,
  ) {}

  getTxID(): string {
    return this.invocation.txId;
  }

  getTxTimestamp(): { readonly seconds: number; readonly nanos: number } {
    const { timestampMs } = this.invocation;
    return { seconds: Math.floor(timestampMs / 1000), nanos: (timestampMs % 1000) * 1_000_000 };
  }

  getFunctionAndParameters(): { readonly fcn: string; readonly params: string[] } {
    return { fcn: this.invocation.fn, params: [this.invocation.args] };
  }

  async getState(key: string): Promise<Uint8Array> {
    const [value] = await this.getMultipleStates([key]);
    return value ?? NOTHING;
  }

  async getMultipleStates(keys: readonly string[]): Promise<readonly Uint8Array[]> {
    const missing = keys.filter((key) => !this.reads.has(assertKey(key)));
    if (missing.length > 0) {
      const found = await this.reader.getMany(missing);
      for (const key of missing) this.reads.set(key, found.get(key));
    }
    return keys.map((key) => this.reads.get(key)?.value ?? NOTHING);
  }

  async putState(key: string, value: Uint8Array): Promise<void> {
    if (value.length === 0) throw new Error('a value must not be empty');
    this.writes.set(assertKey(key), value);
  }

  async deleteState(key: string): Promise<void> {
    this.writes.set(assertKey(key), null);
  }

  async writeMultipleStates(writes: readonly StateWrite[]): Promise<void> {
    for (const { key, value } of writes) await (value === null ? this.deleteState(key) : this.putState(key, value));
  }

  async getStateByPartialCompositeKeyWithPagination(
    objectType: string,
    attributes: string[],
    pageSize: number,
    bookmark = '',
  ): Promise<StatePage> {
    const prefix = compositeKey(objectType, attributes);
    const start = bookmark === '' ? prefix : bookmark;
    const end = prefix + RANGE_END;
    // One entry more than the page: its key is the next bookmark, as LevelDB peers answer it.
    const entries = await this.reader.range(start, end, pageSize + 1);
    const seen = entries.map(({ key, version }) => ({ key, version }));
    this.ranges.push({ start, end, limit: pageSize + 1, seen });
    const page = entries.slice(0, pageSize);
    if (page.length === 0) return { iterator: iteratorOf(page) };
    return { iterator: iteratorOf(page), metadata: { bookmark: entries[pageSize]?.key ?? '' } };
  }

  setEvent(name: string, payload: Uint8Array): void {
    if (name === '') throw new Error('an event needs a name');
    this.lastEvent = { name, payload };
  }

  get readSet(): KeyRead[] {
    return [...this.reads].map(([key, found]) => ({ key, version: found?.version ?? null })).sort(byKey);
  }

  get rangeReads(): readonly RangeRead[] {
    return this.ranges;
  }

  get writeSet(): KeyWrite[] {
    return [...this.writes].map(([key, value]) => ({ key, value })).sort(byKey);
  }

  get event(): { readonly name: string; readonly payload: Uint8Array } | null {
    return this.lastEvent;
  }
}

function compositeKey(objectType: string, attributes: readonly string[]): string {
  return [SEPARATOR + objectType, ...attributes, ''].join(SEPARATOR);
}

function assertKey(key: string): string {
  if (key === '') throw new Error('a key must not be empty');
  return key;
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function iteratorOf(entries: readonly { readonly key: string; readonly value: Uint8Array }[]): StatePage['iterator'] {
  let next = 0;
  return {
    next: async () => {
      const value = entries[next++];
      return value === undefined ? { value: { key: '', value: NOTHING }, done: true } : { value, done: false };
    },
    close: async () => undefined,
  };
}
