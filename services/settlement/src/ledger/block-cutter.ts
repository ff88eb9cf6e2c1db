import { setTimeout as sleep } from 'node:timers/promises';
import { reach } from '../failpoint.js';
import { nextBlock, tipAfter, type ChainTip } from './block-chain.js';
import type { LedgerStore, LedgerWriter, StateChange } from './ledger-store.js';
import type { CommitStatus, ValidationCode } from './ledger.port.js';
import type { StateCache } from './state-cache.js';
import type { PooledTransaction, TransactionPool } from './transaction-pool.js';

/** A block is one PostgreSQL statement: large enough that hundreds of small transactions share a commit. */
export const BLOCK_TRANSACTIONS_MAX = 200;
/** About what a hundred full batches weigh; keeps the statement's memory bounded. */
export const BLOCK_BYTES_MAX = 8_000_000;
/** Pause before asking again for the right to write, or after a lost connection. */
const RETRY_MS = 200;

/** Called in the order of the chain, after the commit. */
export type CommitListener = (statuses: readonly CommitStatus[]) => void;

/**
 * The single writer: takes what is pooled as soon as the commit before is done, validates, and commits block and state
 * together. Whatever fails, the pool keeps its transactions until a block has them.
 */
export class BlockCutter {
  private writer: LedgerWriter | undefined;
  private tip: ChainTip | undefined;

  constructor(
    private readonly store: LedgerStore,
    private readonly cache: StateCache,
    private readonly pool: TransactionPool,
    private readonly nowMs: () => number,
    private readonly committed: CommitListener,
    private readonly report: (fault: string) => void,
  ) {}

  /** Runs until the signal aborts; gives the right to write back. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.takeOffice();
        await this.pool.untilNotEmpty(signal);
        if (!signal.aborted) await this.cut();
      } catch (error) {
        this.report(error instanceof Error ? error.message : String(error));
        await this.leaveOffice();
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
    await this.leaveOffice();
  }

  /** @throws Error while another process holds the right to write. */
  private async takeOffice(): Promise<void> {
    if (this.writer !== undefined) return;
    const writer = await this.store.openWriter();
    if (writer === undefined) throw new Error('another process writes this ledger');
    this.writer = writer;
    this.tip = await writer.tip();
    this.cache.enable();
    void writer.lost.then(() => {
      if (this.writer !== writer) return;
      this.cache.disable();
      this.writer = undefined;
    });
  }

  private async leaveOffice(): Promise<void> {
    this.cache.disable();
    const writer = this.writer;
    this.writer = undefined;
    this.tip = undefined;
    await writer?.close().catch(() => undefined);
  }

  private async cut(): Promise<void> {
    const { writer, tip } = this;
    if (writer === undefined || tip === undefined) return;
    const taken = this.pool.oldest(BLOCK_TRANSACTIONS_MAX, BLOCK_BYTES_MAX);
    const before = await writer.placesOf(taken.map(({ txId }) => txId));
    this.settle(before);
    const fresh = taken.filter(({ txId }) => !before.some((place) => place.txId === txId));
    if (fresh.length === 0) return;
    const { codes, changes } = await validate(tip, fresh, this.cache);
    const transactions = fresh.map(({ txId, bytes }, position) => ({ txId, bytes, code: codes[position] ?? 'VALID' }));
    const block = nextBlock(tip, transactions, this.nowMs());
    await writer.commit(block, changes);
    reach('blockWritten');
    this.tip = tipAfter(block);
    this.cache.apply(block.number, changes);
    this.settle(transactions.map(({ txId, code }) => ({ txId, code, blockNumber: block.number })));
  }

  private settle(places: readonly CommitStatus[]): void {
    this.pool.remove(places.map(({ txId }) => txId));
    this.committed(places);
  }
}

interface Validated {
  readonly codes: readonly ValidationCode[];
  /** Of the valid transactions, last write per key. */
  readonly changes: readonly StateChange[];
}

/** Fabric's check: each transaction in order against the state before the block and the block's own earlier writes. */
async function validate(
  tip: ChainTip,
  transactions: readonly PooledTransaction[],
  state: StateCache,
): Promise<Validated> {
  const keys = new Set(transactions.flatMap(({ envelope }) => envelope.reads.map(([key]) => key)));
  const current = await state.getMany([...keys]);
  const changes = new Map<string, StateChange>();
  const versionOf = (key: string): string | null => {
    const change = changes.get(key);
    if (change === undefined) return current.get(key)?.version ?? null;
    return change.value === null ? null : `${tip.height}:${change.position}`;
  };
  const codes = transactions.map(({ envelope }, position): ValidationCode => {
    if (envelope.reads.some(([key, version]) => versionOf(key) !== version)) return 'MVCC_READ_CONFLICT';
    for (const [key, value] of envelope.writes) {
      changes.set(key, { key, position, value: value === null ? null : Buffer.from(value, 'utf8') });
    }
    return 'VALID';
  });
  return { codes, changes: [...changes.values()] };
}
