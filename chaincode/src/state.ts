import { stateKey, type RecordCodec } from '@tallywatt/contracts';
import { bulkStateOf, type BulkState } from './bulk-state.js';
import { ContractError } from './contract-error.js';
import type { ContractStub } from './contract-stub.js';

/** Copies bytes of a value to text and back; Buffer exists wherever fabric-shim does. */
const toBytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const toText = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

/**
 * The world state of one transaction. Fabric's reads do not see the transaction's own writes, so an account that
 * occurs twice adds up here, and everything is written once, in key order, by {@link State.flush}.
 */
export class State {
  private readonly bulk: BulkState;
  /** undefined: read, and not there. */
  private readonly read = new Map<string, string | undefined>();
  private readonly written = new Map<string, string | null>();

  constructor(private readonly stub: ContractStub) {
    this.bulk = bulkStateOf(stub);
  }

  /** One round trip for many keys; what is known already is not read again. */
  async load(keys: Iterable<string>): Promise<void> {
    const missing = [...new Set(keys)].filter((key) => !this.read.has(key)).sort();
    if (missing.length === 0) return;
    const values = await this.bulk.read(missing);
    missing.forEach((key, index) => {
      const value = values[index];
      this.read.set(key, value === undefined || value.length === 0 ? undefined : toText(value));
    });
  }

  /** A record that was loaded or written before, with this transaction's own changes; undefined when there is none. */
  get<T>(codec: RecordCodec<T>, key: string): T | undefined {
    const text = this.textOf(key);
    return text === undefined ? undefined : codec.decode(key, text);
  }

  /** Loads and reads one record. */
  async find<T>(codec: RecordCodec<T>, key: string): Promise<T | undefined> {
    await this.load([key]);
    return this.get(codec, key);
  }

  put<T>(codec: RecordCodec<T>, record: T): void {
    this.written.set(codec.keyOf(record), codec.encode(record));
  }

  /** Only folded deltas are ever deleted (ledger.md). */
  delete(key: string): void {
    this.written.set(key, null);
  }

  /** One page of the records below a key, for queries: they do not see this transaction's writes. */
  async page<T>(
    codec: RecordCodec<T>,
    parts: readonly string[],
    pageSize: number,
    bookmark: string,
  ): Promise<RecordPage<T>> {
    // A bookmark is the key to start at: one of another list would show what its owner may not see.
    if (bookmark !== '' && !bookmark.startsWith(stateKey(codec.type, ...parts))) {
      throw new ContractError('INVALID_ARGUMENT', 'the bookmark is not of this list');
    }
    const { iterator, metadata } = await this.stub.getStateByPartialCompositeKeyWithPagination(
      codec.type,
      [...parts],
      pageSize,
      bookmark,
    );
    const entries: { key: string; record: T }[] = [];
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      const { key, value } = next.value;
      entries.push({ key, record: codec.decode(key, toText(value)) });
    }
    await iterator.close();
    return { entries, bookmark: metadata?.bookmark ?? '' };
  }

  /** Hands the writes to the ledger in key order, so that two endorsers send equal bytes. */
  async flush(): Promise<void> {
    const keys = [...this.written.keys()].sort();
    const writes = keys.map((key) => {
      const text = this.written.get(key) ?? null;
      return { key, value: text === null ? null : toBytes(text) };
    });
    if (writes.length > 0) await this.bulk.write(writes);
  }

  private textOf(key: string): string | undefined {
    const written = this.written.get(key);
    if (written !== undefined) return written ?? undefined;
    if (!this.read.has(key)) throw new ContractError('INTERNAL', 'a key was used before it was read');
    return this.read.get(key);
  }
}

export interface RecordPage<T> {
  readonly entries: readonly { readonly key: string; readonly record: T }[];
  readonly bookmark: string;
}
