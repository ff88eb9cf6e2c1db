import { beforeEach, describe, expect, it } from '@jest/globals';
import { stateKey } from '@tallywatt/contracts';
import { LedgerStub } from './ledger-stub.js';
import { MemoryLedger } from './memory-ledger.js';
import type { Simulation } from './simulation.js';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (value: Uint8Array): string => Buffer.from(value).toString();
const A = stateKey('A', 'a');
const B = stateKey('A', 'b');
const C = stateKey('A', 'c');
let ledger: MemoryLedger;

function open(): LedgerStub {
  return new LedgerStub({ txId: 'ab', timestampMs: 1_700_000_000_123, fn: 'contract:Fn', args: '{}' }, ledger);
}
function end(stub: LedgerStub): Simulation {
  return { result: '', readSet: stub.readSet, rangeReads: stub.rangeReads, writeSet: stub.writeSet, event: stub.event };
}
async function put(...keys: string[]): Promise<void> {
  const stub = open();
  for (const key of keys) await stub.putState(key, bytes(`value of ${key}`));
  expect(await ledger.commit(end(stub))).toBe('VALID');
}
async function pageOf(
  stub: LedgerStub,
  pageSize: number,
  bookmark = '',
): Promise<{ keys: string[]; bookmark: string }> {
  const { iterator, metadata } = await stub.getStateByPartialCompositeKeyWithPagination('A', [], pageSize, bookmark);
  const keys: string[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) keys.push(next.value.key);
  return { keys, bookmark: metadata?.bookmark ?? '' };
}

beforeEach(() => {
  ledger = new MemoryLedger();
});

describe('the stub, as Fabric has it', () => {
  it('does not show a transaction its own writes', async () => {
    await put(A);
    const stub = open();
    await stub.putState(A, bytes('new'));
    await stub.putState(B, bytes('new'));
    await stub.deleteState(A);
    expect(text(await stub.getState(A))).toBe(`value of ${A}`);
    expect(await stub.getState(B)).toHaveLength(0);
    expect(stub.writeSet).toEqual([
      { key: A, value: null },
      { key: B, value: bytes('new') },
    ]);
  });

  it('notes the version of each key read, also of one that is not there', async () => {
    await put(A);
    const stub = open();
    await stub.getState(B);
    await stub.getState(A);
    expect(stub.readSet).toEqual([
      { key: A, version: '0:0' },
      { key: B, version: null },
    ]);
  });

  it('reads a key once: the version does not change under a transaction', async () => {
    const stub = open();
    await stub.getState(A);
    await put(A);
    expect(await stub.getState(A)).toHaveLength(0);
    expect(await ledger.commit(end(stub))).toBe('MVCC_READ_CONFLICT');
  });

  it.each<[string, (stub: LedgerStub) => Promise<unknown>]>([
    ['changed', (stub) => stub.getState(A)],
    ['appeared', (stub) => stub.getState(B)],
  ])('is invalid at commit when a key that it read has %s', async (_name, read) => {
    await put(A);
    const stub = open();
    await read(stub);
    await put(A, B);
    expect(await ledger.commit(end(stub))).toBe('MVCC_READ_CONFLICT');
  });

  it('lets blind writes of the same key all commit', async () => {
    const [one, two] = [open(), open()];
    await one.putState(A, bytes('1'));
    await two.putState(A, bytes('2'));
    expect(await ledger.commit(end(one))).toBe('VALID');
    expect(await ledger.commit(end(two))).toBe('VALID');
    expect(text(await open().getState(A))).toBe('2');
  });

  it('leaves no write of an invalid transaction behind', async () => {
    const stub = open();
    await stub.getState(A);
    await stub.putState(B, bytes('lost'));
    await put(A);
    await ledger.commit(end(stub));
    expect(await open().getState(B)).toHaveLength(0);
  });

  it.each<[string, () => Promise<void>]>([
    ['a key appears in it', () => put(B)],
    ['a key in it changes', () => put(A)],
    [
      'a key in it goes',
      async () => {
        const stub = open();
        await stub.deleteState(A);
        await ledger.commit(end(stub));
      },
    ],
  ])('finds a phantom when a range was read and %s', async (_name, change) => {
    await put(A, C);
    const stub = open();
    await pageOf(stub, 10);
    await change();
    expect(await ledger.commit(end(stub))).toBe('PHANTOM_READ_CONFLICT');
  });

  it('pages a range in key order, from bookmark to bookmark', async () => {
    await put(C, A, B, stateKey('F', 'x'));
    const first = await pageOf(open(), 2);
    expect(first).toEqual({ keys: [A, B], bookmark: C });
    expect(await pageOf(open(), 2, first.bookmark)).toEqual({ keys: [C], bookmark: '' });
  });

  it('keeps the last event only', () => {
    const stub = open();
    stub.setEvent('one', bytes('1'));
    stub.setEvent('two', bytes('2'));
    expect(stub.event).toEqual({ name: 'two', payload: bytes('2') });
    expect(() => stub.setEvent('', bytes('x'))).toThrow();
  });

  it('refuses empty keys and values', async () => {
    const stub = open();
    await expect(stub.putState(A, bytes(''))).rejects.toThrow();
    await expect(stub.putState('', bytes('x'))).rejects.toThrow();
    await expect(stub.getState('')).rejects.toThrow();
    await expect(stub.deleteState('')).rejects.toThrow();
  });

  it('tells time, id and function of the invocation', () => {
    const stub = open();
    expect(stub.getTxTimestamp()).toEqual({ seconds: 1_700_000_000, nanos: 123_000_000 });
    expect(stub.getTxID()).toBe('ab');
    expect(stub.getFunctionAndParameters()).toEqual({ fcn: 'contract:Fn', params: ['{}'] });
  });
});
