import type { ContractStub } from './contract-stub.js';

/** What a stub may offer beside plain calls: one round trip for many keys (peers since 3.1). */
export interface BulkStub {
  /** Values in the order of the keys; empty when a key does not exist. */
  getMultipleStates(keys: readonly string[]): Promise<readonly Uint8Array[]>;
  /** A write with value null deletes. */
  writeMultipleStates(writes: readonly StateWrite[]): Promise<void>;
}
export interface StateWrite {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** Peers announce batches of 1000 (ledger.md). */
export const BULK_KEYS_MAX = 1000;

/** Reads and writes many keys: in bulk where the stub can, one by one where it cannot. */
export interface BulkState {
  read(keys: readonly string[]): Promise<readonly Uint8Array[]>;
  write(writes: readonly StateWrite[]): Promise<void>;
}

export function bulkStateOf(stub: ContractStub): BulkState {
  return hasBulk(stub) ? new BatchedState(stub) : new PlainState(stub);
}

function hasBulk(stub: object): stub is BulkStub {
  return (
    'getMultipleStates' in stub &&
    typeof stub.getMultipleStates === 'function' &&
    'writeMultipleStates' in stub &&
    typeof stub.writeMultipleStates === 'function'
  );
}

class PlainState implements BulkState {
  constructor(private readonly stub: ContractStub) {}

  read(keys: readonly string[]): Promise<readonly Uint8Array[]> {
    return Promise.all(keys.map((key) => this.stub.getState(key)));
  }

  async write(writes: readonly StateWrite[]): Promise<void> {
    for (const { key, value } of writes) {
      if (value === null) await this.stub.deleteState(key);
      else await this.stub.putState(key, value);
    }
  }
}

class BatchedState implements BulkState {
  constructor(private readonly stub: BulkStub) {}

  async read(keys: readonly string[]): Promise<readonly Uint8Array[]> {
    const values: Uint8Array[] = [];
    for (const chunk of chunks(keys)) values.push(...(await this.stub.getMultipleStates(chunk)));
    return values;
  }

  async write(writes: readonly StateWrite[]): Promise<void> {
    for (const chunk of chunks(writes)) await this.stub.writeMultipleStates(chunk);
  }
}

function chunks<T>(items: readonly T[]): T[][] {
  const result: T[][] = [];
  for (let start = 0; start < items.length; start += BULK_KEYS_MAX)
    result.push(items.slice(start, start + BULK_KEYS_MAX));
  return result;
}
