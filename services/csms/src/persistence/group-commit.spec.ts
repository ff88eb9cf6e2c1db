import { describe, expect, it } from '@jest/globals';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { CHANGES_PER_COMMIT_MAX, CHANGES_WAITING_MAX, COMMIT_WEIGHT_MAX, GroupCommitter } from './group-commit.js';

class Store {
  readonly groups: string[][] = [];
  readonly committed: string[] = [];
  readonly poison = new Set<string>();
  outage: Error | undefined;
  gate: Promise<void> = Promise.resolve();

  readonly committer = new GroupCommitter<string>({
    write: async (changes) => {
      await this.gate;
      this.groups.push([...changes]);
      if (this.outage !== undefined) throw this.outage;
      if (changes.some((change) => this.poison.has(change))) throw new Error('poison');
    },
    weigh: (change) => (change.startsWith('heavy') ? COMMIT_WEIGHT_MAX : change.length),
    isContentFault: (error) => error !== this.outage,
    committed: (changes) => this.committed.push(...changes),
  });
}

describe('GroupCommitter', () => {
  it('stores what waits together, serially, in order, and resolves after the commit', async () => {
    const store = new Store();
    let open = (): void => undefined;
    store.gate = new Promise((resolve) => (open = resolve));
    let isStored = false;
    const first = store.committer.commit('a').then(() => (isStored = true));
    await new Promise((resolve) => setImmediate(resolve));
    const later = ['b', 'c', 'd'].map((change) => store.committer.commit(change));
    expect(isStored).toBe(false);
    open();
    await Promise.all([first, ...later]);
    expect(store.groups).toEqual([['a'], ['b', 'c', 'd']]);
    expect(store.committed).toEqual(['a', 'b', 'c', 'd']);
  });

  it('takes at most CHANGES_PER_COMMIT_MAX changes and COMMIT_WEIGHT_MAX characters, and a heavy one alone', async () => {
    const store = new Store();
    await Promise.all(
      Array.from({ length: CHANGES_PER_COMMIT_MAX + 1 }, (_, index) => store.committer.commit(`x${index}`)),
    );
    expect(store.groups.map((group) => group.length)).toEqual([CHANGES_PER_COMMIT_MAX, 1]);
    store.groups.length = 0;
    await Promise.all(['heavy1', 'heavy2', 'light'].map((change) => store.committer.commit(change)));
    expect(store.groups).toEqual([['heavy1'], ['heavy2'], ['light']]);
  });

  it('lets one bad change fail alone', async () => {
    const store = new Store();
    store.poison.add('bad');
    const names = ['a', 'b', 'bad', 'c', 'd'];
    const results = await Promise.allSettled(names.map((change) => store.committer.commit(change)));
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(store.committed.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does not try one by one in an outage', async () => {
    const store = new Store();
    store.outage = new Error('gone');
    const results = await Promise.allSettled(['a', 'b', 'c'].map((change) => store.committer.commit(change)));
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(store.groups).toHaveLength(1);
    expect(store.committed).toEqual([]);
  });

  it('refuses beyond CHANGES_WAITING_MAX', async () => {
    const store = new Store();
    const accepted = Array.from({ length: CHANGES_WAITING_MAX }, () => store.committer.commit('x'));
    await expect(store.committer.commit('x')).rejects.toThrow(StoreUnavailableError);
    await Promise.all(accepted);
    await store.committer.drain();
  });
});
