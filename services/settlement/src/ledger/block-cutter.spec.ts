import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryLedgerStore } from '../testing/memory-ledger-store.js';
import { until } from '../testing/until.js';
import { BLOCK_BYTES_MAX, BLOCK_TRANSACTIONS_MAX, BlockCutter } from './block-cutter.js';
import type { Envelope } from './envelope.js';
import type { CommitStatus } from './ledger.port.js';
import { StateCache } from './state-cache.js';
import { TransactionPool } from './transaction-pool.js';

let store: MemoryLedgerStore;
let pool: TransactionPool;
let stop: AbortController;
let running: Promise<void>;
let verdicts: CommitStatus[];
let reports: string[];

function add(txId: string, reads: Envelope['reads'], writes: Envelope['writes'], bytes = 10): void {
  const creator = { mspId: 'TELD', role: 'settler' } as const;
  const envelope: Envelope = {
    nonce: '',
    creator,
    fn: 'Anchor',
    args: '{}',
    timestampMs: 0,
    reads,
    writes,
    event: null,
  };
  pool.add({ txId, bytes: new Uint8Array(bytes), envelope });
}
function start(): void {
  const cache = new StateCache(store);
  const cutter = new BlockCutter(
    store,
    cache,
    pool,
    () => 1,
    (places) => verdicts.push(...places),
    (fault) => reports.push(fault),
  );
  running = cutter.run(stop.signal);
}
const codes = (): Record<string, string> => Object.fromEntries(verdicts.map(({ txId, code }) => [txId, code]));

beforeEach(() => {
  store = new MemoryLedgerStore();
  pool = new TransactionPool();
  stop = new AbortController();
  verdicts = [];
  reports = [];
});
afterEach(async () => {
  stop.abort();
  await running;
});

describe('blocks', () => {
  it('hold everything that waits, within the limit of transactions', async () => {
    for (let index = 0; index <= BLOCK_TRANSACTIONS_MAX; index++) add(`t${index}`, [], [[`k${index}`, '1']]);
    start();
    await until(() => verdicts.length === BLOCK_TRANSACTIONS_MAX + 1);
    expect(store.chain.map((block) => block.transactions.length)).toEqual([BLOCK_TRANSACTIONS_MAX, 1]);
  });

  it('let a crash strike when they are written and nobody knows', async () => {
    const seen: [number, number][] = [];
    const look = (): void => void seen.push([store.chain.length, verdicts.length]);
    subscribe('tallywatt:blockWritten', look);
    add('a', [], [['k', '1']]);
    start();
    await until(() => verdicts.length === 1);
    unsubscribe('tallywatt:blockWritten', look);
    expect(seen).toEqual([[1, 0]]);
  });

  it('hold no more than the limit of bytes', async () => {
    for (const txId of ['a', 'b', 'c']) add(txId, [], [], BLOCK_BYTES_MAX / 2);
    start();
    await until(() => verdicts.length === 3);
    expect(store.chain.map((block) => block.transactions.length)).toEqual([2, 1]);
  });

  it('judge each transaction by the ones before it in the same block', async () => {
    add('makes', [['k', null]], [['k', '1']]);
    add('saw nothing', [['k', null]], [['k', '2']]);
    add('blind', [], [['k', '3']]);
    add('saw the first', [['k', '0:0']], [['k', '4']]);
    add('saw the blind one', [['k', '0:2']], [['k', null]]);
    add('saw it gone', [['k', null]], [['x', '1']]);
    start();
    await until(() => verdicts.length === 6);
    expect(codes()).toEqual({
      makes: 'VALID',
      'saw nothing': 'MVCC_READ_CONFLICT',
      blind: 'VALID',
      'saw the first': 'MVCC_READ_CONFLICT',
      'saw the blind one': 'VALID',
      'saw it gone': 'VALID',
    });
    expect([...store.state.keys()]).toEqual(['x']);
  });
});

describe('a commit that fails', () => {
  it('before anything happened is done again', async () => {
    store.faults.push('before', 'before');
    add('a', [['k', null]], [['k', '1']]);
    start();
    await until(() => verdicts.length === 1);
    expect(codes()).toEqual({ a: 'VALID' });
    expect(store.chain).toHaveLength(1);
    expect(reports).toEqual(['connection lost before the commit', 'connection lost before the commit']);
  });

  it('after everything happened is found in the chain, and not ordered twice', async () => {
    store.faults.push('after');
    add('a', [['k', null]], [['k', '1']]);
    start();
    await until(() => verdicts.length === 1);
    add('b', [['k', '0:0']], [['k', '2']]);
    await until(() => verdicts.length === 2);
    expect(codes()).toEqual({ a: 'VALID', b: 'VALID' });
    expect(store.chain.map((block) => block.transactions.map(({ txId }) => txId))).toEqual([['a'], ['b']]);
    expect(store.writersOpened).toBe(2);
  });
});
