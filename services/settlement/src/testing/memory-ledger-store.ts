import { GENESIS_TIP, tipAfter, type ChainBlock, type ChainTip } from '../ledger/block-chain.js';
import {
  LedgerStore,
  type LedgerView,
  type LedgerWriter,
  type StateChange,
  type StoredEntry,
  type StoredValue,
} from '../ledger/ledger-store.js';
import type { CommitStatus } from '../ledger/ledger.port.js';

/** A ledger store whose commits fail on order: before anything happened, or after everything did. */
export class MemoryLedgerStore extends LedgerStore {
  readonly chain: ChainBlock[] = [];
  readonly state = new Map<string, StoredValue>();
  readonly faults: ('before' | 'after')[] = [];
  writersOpened = 0;

  override async getMany(keys: readonly string[]): Promise<ReadonlyMap<string, StoredValue>> {
    return new Map(
      keys.flatMap((key): [string, StoredValue][] => {
        const value = this.state.get(key);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  }

  override async range(): Promise<readonly StoredEntry[]> {
    return [];
  }

  override async blocks(from: bigint, limit: number): Promise<readonly ChainBlock[]> {
    return this.chain.slice(Number(from), Number(from) + limit);
  }

  override async tip(): Promise<ChainTip> {
    const last = this.chain.at(-1);
    return last === undefined ? GENESIS_TIP : tipAfter(last);
  }

  override snapshot<T>(work: (view: LedgerView) => Promise<T>): Promise<T> {
    return work(this);
  }

  override async placeOf(txId: string): Promise<CommitStatus | undefined> {
    return this.placesOf([txId])[0];
  }

  override async openWriter(): Promise<LedgerWriter> {
    this.writersOpened++;
    return {
      lost: new Promise(() => undefined),
      tip: () => this.tip(),
      placesOf: async (txIds) => this.placesOf(txIds),
      commit: async (block, changes) => this.commit(block, changes),
      close: async () => undefined,
    };
  }

  private commit(block: ChainBlock, changes: readonly StateChange[]): void {
    const fault = this.faults.shift();
    if (fault === 'before') throw new Error('connection lost before the commit');
    this.chain.push(block);
    for (const { key, value, position } of changes) {
      if (value === null) this.state.delete(key);
      else this.state.set(key, { value, version: `${block.number}:${position}` });
    }
    if (fault === 'after') throw new Error('connection lost after the commit');
  }

  private placesOf(txIds: readonly string[]): CommitStatus[] {
    return this.chain.flatMap(({ number, transactions }) =>
      transactions
        .filter(({ txId }) => txIds.includes(txId))
        .map(({ txId, code }) => ({ txId, code, blockNumber: number })),
    );
  }
}
