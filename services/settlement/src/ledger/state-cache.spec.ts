import { beforeEach, describe, expect, it } from '@jest/globals';
import type { StateView, StoredValue } from './ledger-store.js';
import { CACHED_KEYS_MAX, StateCache } from './state-cache.js';

const stored = (text: string, version: string): StoredValue => ({ value: Buffer.from(text), version });

/** A database whose reads can be held back. */
class Source implements StateView {
  readonly values = new Map<string, StoredValue>();
  reads = 0;
  gate: Promise<void> = Promise.resolve();

  async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    this.reads++;
    const found = keys.flatMap((key): [string, StoredValue][] => {
      const value = this.values.get(key);
      return value === undefined ? [] : [[key, value]];
    });
    await this.gate;
    return new Map(found);
  }

  range(): Promise<readonly never[]> {
    return Promise.resolve([]);
  }
}

let source: Source;
let cache: StateCache;
const versionOf = async (key: string): Promise<string | undefined> => (await cache.getMany([key])).get(key)?.version;

beforeEach(() => {
  source = new Source();
  cache = new StateCache(source, 3);
});

describe('the cache of committed state', () => {
  it('keeps what was read, also that a key is not there, while the right to write is held', async () => {
    cache.enable();
    source.values.set('a', stored('1', '0:0'));
    expect([await versionOf('a'), await versionOf('b'), await versionOf('a'), await versionOf('b')]).toEqual([
      '0:0',
      undefined,
      '0:0',
      undefined,
    ]);
    expect(source.reads).toBe(2);
  });

  it('keeps nothing without the right to write: somebody else may be writing', async () => {
    await versionOf('a');
    source.values.set('a', stored('1', '0:0'));
    expect(await versionOf('a')).toBe('0:0');
    cache.enable();
    await versionOf('a');
    cache.disable();
    source.values.set('a', stored('2', '1:0'));
    expect(await versionOf('a')).toBe('1:0');
  });

  it('follows commits: changed, made and deleted keys', async () => {
    cache.enable();
    source.values.set('a', stored('1', '0:0'));
    await cache.getMany(['a', 'b']);
    cache.apply(7n, [
      { key: 'a', value: null, position: 0 },
      { key: 'b', value: Buffer.from('2'), position: 3 },
    ]);
    expect([await versionOf('a'), await versionOf('b')]).toEqual([undefined, '7:3']);
    expect(source.reads).toBe(1);
  });

  it('does not keep an old value that was read while a commit passed', async () => {
    cache.enable();
    source.values.set('a', stored('1', '0:0'));
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    const slow = versionOf('a');
    source.values.set('a', stored('2', '1:0'));
    cache.apply(1n, [{ key: 'a', value: Buffer.from('2'), position: 0 }]);
    open();
    expect(await slow).toBe('0:0');
    expect(await versionOf('a')).toBe('1:0');
  });

  it('holds at most some tens of megabytes by default', async () => {
    cache = new StateCache(source);
    cache.enable();
    for (let index = 0; index <= CACHED_KEYS_MAX; index++) await versionOf(String(index));
    const reads = source.reads;
    await versionOf(String(CACHED_KEYS_MAX));
    expect(source.reads).toBe(reads);
    await versionOf('0');
    expect(source.reads).toBe(reads + 1);
  });

  it('holds a bounded number of keys and lets the one unused longest go', async () => {
    cache.enable();
    for (const key of ['a', 'b', 'c', 'a', 'd']) await versionOf(key);
    expect(source.reads).toBe(4);
    await versionOf('a');
    expect(source.reads).toBe(4);
    await versionOf('b');
    expect(source.reads).toBe(5);
  });
});
