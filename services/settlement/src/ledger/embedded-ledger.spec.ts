import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Caller, DepositArgs } from '@tallywatt/contracts';
import { PgLedgerStore } from '../persistence/ledger-store.pg.js';
import { createSettlementDatabase, type SettlementDatabase } from '../testing/test-database.js';
import { EmbeddedLedger } from './embedded-ledger.js';
import { decodeEnvelope, encodeEnvelope } from './envelope.js';
import { LedgerError, type LedgerBlock, type PreparedTransaction } from './ledger.port.js';

/** A real database on a busy machine. */
jest.setTimeout(60_000);

const SUPERVISOR: Caller = { mspId: 'SUPERVISION', role: 'supervisor' };
const OPERATOR: Caller = { mspId: 'TELD', role: 'operator' };
const TREASURER: Caller = { mspId: 'TELD', role: 'treasurer' };
const WAIT_MS = 20_000;

let databases: SettlementDatabase;
let ledger: EmbeddedLedger;
let references = 0;
const faults: string[] = [];

function openLedger(): EmbeddedLedger {
  return new EmbeddedLedger({
    store: new PgLedgerStore(databases.database),
    clock: { nowMs: () => Date.now() },
    report: (fault) => faults.push(fault),
  });
}

async function commit(transaction: PreparedTransaction): Promise<string | undefined> {
  await ledger.submit(transaction);
  return (await ledger.commitStatus(transaction.txId, WAIT_MS))?.code;
}

function deposit(evId: string, amountMinor = '100'): Promise<PreparedTransaction> {
  const args: DepositArgs = { evId, amountMinor, reference: `r-${references++}` };
  return ledger.prepare('Deposit', args, TREASURER);
}

async function balanceOf(evId: string): Promise<string> {
  return JSON.parse(await ledger.evaluate('GetAccount', { evId }, OPERATOR)).balanceMinor;
}

async function firstBlocks(count: number): Promise<LedgerBlock[]> {
  const stop = new AbortController();
  const blocks: LedgerBlock[] = [];
  for await (const block of ledger.blocks(0n, stop.signal)) {
    blocks.push(block);
    if (blocks.length === count) stop.abort();
  }
  return blocks;
}

beforeAll(async () => {
  databases = await createSettlementDatabase();
  ledger = openLedger();
  ledger.start();
  await commit(
    await ledger.prepare(
      'SetParameters',
      {
        alphaE6: '10000000',
        betaE6: '500000',
        sigmaE6: '1000000',
        maxLevel: 5,
        maxRating: 5,
        thresholdMinor: '0',
        minCreditE6: '0',
        currency: 'CNY',
        currencyDecimals: 2,
        endorsementRangeBlocks: 10,
        endorsementQuorum: 3,
      },
      SUPERVISOR,
    ),
  );
  await commit(await ledger.prepare('RegisterOperator', { operatorId: 'TELD', name: 'TELD' }, SUPERVISOR));
  for (const evId of ['EV-1', 'EV-2', 'EV-3'])
    await commit(await ledger.prepare('OpenAccount', { evId, operatorId: 'TELD' }, OPERATOR));
});

afterAll(async () => {
  await ledger.stop();
  await databases.drop();
});

describe('a transaction', () => {
  it('changes nothing before its block, and the balance afterwards', async () => {
    const prepared = await deposit('EV-1', '250');
    expect(await balanceOf('EV-1')).toBe('0');
    expect(await ledger.commitStatus(prepared.txId, 0)).toBeUndefined();
    expect(await commit(prepared)).toBe('VALID');
    expect(await balanceOf('EV-1')).toBe('250');
  });

  it('is ordered once, however often its bytes are submitted', async () => {
    const prepared = await deposit('EV-1');
    await Promise.all([ledger.submit(prepared), ledger.submit(prepared), ledger.submit(prepared)]);
    const status = await ledger.commitStatus(prepared.txId, WAIT_MS);
    const height = await ledger.height();
    await ledger.submit(prepared);
    await commit(await deposit('EV-2'));
    expect(await ledger.height()).toBe(height + 1n);
    expect(await ledger.commitStatus(prepared.txId, WAIT_MS)).toEqual(status);
    expect(await balanceOf('EV-1')).toBe('350');
  });

  it('that lost a race stays in its block with its code and changes nothing', async () => {
    const [one, two] = [await deposit('EV-3'), await deposit('EV-3')];
    expect([await commit(one), await commit(two)]).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
    expect(await balanceOf('EV-3')).toBe('100');
  });

  it('loses a race inside one block as well', async () => {
    const [one, two] = [await deposit('EV-3'), await deposit('EV-3')];
    await Promise.all([ledger.submit(one), ledger.submit(two)]);
    const [first, second] = [
      await ledger.commitStatus(one.txId, WAIT_MS),
      await ledger.commitStatus(two.txId, WAIT_MS),
    ];
    expect([first?.code, second?.code]).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
    expect(await balanceOf('EV-3')).toBe('200');
  });

  it.each([
    ['nobody', 'final', 'UNKNOWN_ACCOUNT', TREASURER],
    ['EV-1', 'final', 'ACCESS_DENIED', OPERATOR],
  ])('for %s is refused as %s %s', async (evId, errorClass, code, caller) => {
    const refused = ledger.prepare('Deposit', { evId, amountMinor: '1', reference: 'r' }, caller);
    await expect(refused).rejects.toMatchObject({ errorClass, code });
  });

  it.each([
    ['no transaction', Buffer.from('{}')],
    ['broken JSON', Buffer.from('{')],
  ])('whose bytes are %s is refused for good', async (_name, bytes) => {
    await expect(ledger.submit({ txId: 'ab'.repeat(32), bytes })).rejects.toMatchObject({
      errorClass: 'final',
      code: 'MALFORMED_TRANSACTION',
    });
  });

  it('under another txId is refused for good', async () => {
    const { bytes } = await deposit('EV-1');
    await expect(ledger.submit({ txId: 'ab'.repeat(32), bytes })).rejects.toBeInstanceOf(LedgerError);
  });

  it('keeps its bytes through decoding and encoding', async () => {
    const { bytes } = await deposit('EV-1');
    expect(Buffer.from(encodeEnvelope(decodeEnvelope(bytes)))).toEqual(Buffer.from(bytes));
  });
});

describe('many callers at once', () => {
  it('share blocks, and every one of them gets a verdict', async () => {
    const before = await ledger.height();
    const opened = await Promise.all(
      Array.from({ length: 300 }, async (_, index) =>
        commit(await ledger.prepare('OpenAccount', { evId: `many-${index}`, operatorId: 'TELD' }, OPERATOR)),
      ),
    );
    expect(opened).toEqual(Array.from({ length: 300 }, () => 'VALID'));
    expect(await ledger.height()).toBeLessThan(before + 100n);
  });
});

describe('blocks', () => {
  it('are linked by their hashes, in order, with invocations and writes', async () => {
    const blocks = await firstBlocks(Number(await ledger.height()));
    expect(blocks.map((block) => block.number)).toEqual(blocks.map((_, index) => BigInt(index)));
    blocks.slice(1).forEach((block, index) => expect(block.previousHash).toBe(blocks[index]?.hash));
    const [first] = blocks[0]?.transactions ?? [];
    expect(first).toMatchObject({ fn: 'SetParameters', code: 'VALID', creator: SUPERVISOR, endorsers: [] });
    expect(first?.writes).toHaveLength(2);
  });

  it('arrive live at a reader that waits at the tip, and end with the signal', async () => {
    const stop = new AbortController();
    const seen: bigint[] = [];
    const from = await ledger.height();
    const reading = (async () => {
      for await (const block of ledger.blocks(from, stop.signal)) seen.push(block.number);
    })();
    await commit(await deposit('EV-2'));
    await commit(await deposit('EV-2'));
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await reading;
    expect(seen).toEqual([from, from + 1n]);
  });
});

describe('a second process', () => {
  let other: EmbeddedLedger;
  beforeEach(() => {
    other = openLedger();
    other.start();
  });
  afterEach(() => other.stop());

  it('never writes while the first one does, and takes over when it ends', async () => {
    const prepared = await other.prepare('OpenAccount', { evId: 'second', operatorId: 'TELD' }, OPERATOR);
    await other.submit(prepared);
    expect(await other.commitStatus(prepared.txId, 500)).toBeUndefined();
    expect(faults).toContain('another process writes this ledger');
    await ledger.stop();
    expect(await other.commitStatus(prepared.txId, WAIT_MS)).toMatchObject({ code: 'VALID' });
    ledger = other;
    expect(await balanceOf('second')).toBe('0');
  });
});

describe('a lost connection', () => {
  it('costs no transaction: the writer comes back and the pool is still there', async () => {
    ledger = openLedger();
    ledger.start();
    expect(await commit(await deposit('EV-2'))).toBe('VALID');
    const prepared = await deposit('EV-2');
    await databases.owner.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    expect(await commit(prepared)).toBe('VALID');
  });
});
