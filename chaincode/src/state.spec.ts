import { describe, expect, it } from '@jest/globals';
import { accountRecord, type AccountRecord } from '@tallywatt/contracts';
import type { BulkStub, StateWrite } from './bulk-state.js';
import { BULK_KEYS_MAX, bulkStateOf } from './bulk-state.js';
import type { ContractStub } from './contract-stub.js';
import { LedgerStub } from './embedded/ledger-stub.js';
import { MemoryLedger } from './embedded/memory-ledger.js';
import { keys } from './keys.js';
import { State } from './state.js';

const INVOCATION = { txId: 'ab', timestampMs: 0, fn: 'x', args: '{}' };
const account = (evId: string, balanceMinor: bigint): AccountRecord => ({
  evId,
  operatorId: 'TELD',
  balanceMinor,
  creditSum: 0,
  creditCount: 0,
  arrears: 0,
  frozen: false,
});

/** The same stub with and without bulk calls, and a count of round trips. */
function stubs(): [string, ContractStub, () => number][] {
  const plain = new LedgerStub(INVOCATION, new MemoryLedger());
  const bulk = new LedgerStub(INVOCATION, new MemoryLedger());
  let calls = 0;
  const counted = <T>(value: T): T => {
    calls++;
    return value;
  };
  const withoutBulk: ContractStub = {
    getTxID: () => plain.getTxID(),
    getTxTimestamp: () => plain.getTxTimestamp(),
    getFunctionAndParameters: () => plain.getFunctionAndParameters(),
    getState: (key) => counted(plain.getState(key)),
    putState: (key, value) => counted(plain.putState(key, value)),
    deleteState: (key) => counted(plain.deleteState(key)),
    getStateByPartialCompositeKeyWithPagination: (...args) =>
      plain.getStateByPartialCompositeKeyWithPagination(...args),
    setEvent: (name, payload) => plain.setEvent(name, payload),
  };
  const withBulk: ContractStub & BulkStub = {
    ...withoutBulk,
    getMultipleStates: (keysRead: readonly string[]) => counted(bulk.getMultipleStates(keysRead)),
    writeMultipleStates: (writes: readonly StateWrite[]) => counted(bulk.writeMultipleStates(writes)),
  };
  return [
    ['plain', withoutBulk, () => calls],
    ['bulk', withBulk, () => calls],
  ];
}

describe('state of a transaction', () => {
  it('adds up what it wrote itself, which the stub does not show', async () => {
    const stub = new LedgerStub(INVOCATION, new MemoryLedger());
    const state = new State(stub);
    await state.load([keys.account('EV')]);
    expect(state.get(accountRecord, keys.account('EV'))).toBeUndefined();
    state.put(accountRecord, account('EV', 1n));
    state.put(accountRecord, account('EV', (state.get(accountRecord, keys.account('EV'))?.balanceMinor ?? 0n) + 1n));
    expect(state.get(accountRecord, keys.account('EV'))?.balanceMinor).toBe(2n);
    expect(stub.writeSet).toEqual([]);
    await state.flush();
    expect(stub.writeSet.map(({ key }) => key)).toEqual([keys.account('EV')]);
    expect(await stub.getState(keys.account('EV'))).toHaveLength(0);
  });

  it('shows a deleted record as gone', async () => {
    const state = new State(new LedgerStub(INVOCATION, new MemoryLedger()));
    state.put(accountRecord, account('EV', 1n));
    state.delete(keys.account('EV'));
    expect(state.get(accountRecord, keys.account('EV'))).toBeUndefined();
  });

  it('refuses a key that was never read', () => {
    const state = new State(new LedgerStub(INVOCATION, new MemoryLedger()));
    expect(() => state.get(accountRecord, keys.account('EV'))).toThrow(/^INTERNAL: /);
  });

  it('flushes in key order whatever the order of writing', async () => {
    const order = ['b', 'a', 'c'];
    const stub = new LedgerStub(INVOCATION, new MemoryLedger());
    const state = new State(stub);
    for (const evId of order) state.put(accountRecord, account(evId, 1n));
    await state.flush();
    expect(stub.writeSet.map(({ key }) => key)).toEqual(['a', 'b', 'c'].map((evId) => keys.account(evId)));
  });
});

describe('bulk state', () => {
  it('makes one round trip where the stub can, and one per key where it cannot, with equal answers', async () => {
    const answers = [];
    for (const [name, stub, calls] of stubs()) {
      const bulk = bulkStateOf(stub);
      const before = calls();
      await bulk.write([
        { key: 'a', value: Buffer.from('1') },
        { key: 'b', value: null },
      ]);
      const written = calls() - before;
      const values = await bulk.read(['a', 'b', 'c']);
      answers.push({ name, written, read: calls() - before - written, values: values.map((value) => value.length) });
    }
    expect(answers).toEqual([
      { name: 'plain', written: 2, read: 3, values: [0, 0, 0] },
      { name: 'bulk', written: 1, read: 1, values: [0, 0, 0] },
    ]);
  });

  it('splits what exceeds a batch of the peer', async () => {
    const [, [, stub, calls] = never()] = stubs();
    const many = Array.from({ length: BULK_KEYS_MAX + 1 }, (_, index) => `k${index}`);
    expect(await bulkStateOf(stub).read(many)).toHaveLength(many.length);
    expect(calls()).toBe(2);
  });
});

function never(): never {
  throw new Error('unreachable');
}
