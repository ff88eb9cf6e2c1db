import { describe, expect, it } from '@jest/globals';
import { BufferedFlagCounter, FLAG_FLUSH_MS, FlagStore, type FlagCount } from './flag-counter.js';

class MemoryFlagStore extends FlagStore {
  readonly added: FlagCount[] = [];
  isDown = false;
  override async add(counts: readonly FlagCount[]): Promise<void> {
    if (this.isDown) throw new Error('store is down');
    this.added.push(...counts);
  }
}

describe('BufferedFlagCounter', () => {
  it('adds up and passes sums on, once', async () => {
    const store = new MemoryFlagStore();
    const counter = new BufferedFlagCounter(store);
    counter.count('CP1', ['extra_field', 'extra_field', 'missing_zone']);
    counter.count('CP2', ['extra_field']);
    counter.count('CP1', ['extra_field']);
    await counter.flush();
    await counter.flush();
    expect(store.added).toEqual([
      { chargePointId: 'CP1', flag: 'extra_field', count: 3 },
      { chargePointId: 'CP1', flag: 'missing_zone', count: 1 },
      { chargePointId: 'CP2', flag: 'extra_field', count: 1 },
    ]);
  });

  it('keeps what could not be stored', async () => {
    const store = new MemoryFlagStore();
    const counter = new BufferedFlagCounter(store);
    store.isDown = true;
    counter.count('CP1', ['extra_field', 'extra_field']);
    await counter.flush();
    counter.count('CP1', ['extra_field']);
    store.isDown = false;
    await counter.onModuleDestroy();
    expect(store.added).toEqual([{ chargePointId: 'CP1', flag: 'extra_field', count: 3 }]);
  });

  it('flushes by itself soon enough for a person', async () => {
    const store = new MemoryFlagStore();
    new BufferedFlagCounter(store).count('CP1', ['extra_field']);
    await new Promise((resolve) => setTimeout(resolve, FLAG_FLUSH_MS + 200));
    expect(store.added).toHaveLength(1);
  });
});
