import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LedgerError, type LedgerPort } from '../ledger/ledger.port.js';
import { ShiftedClock } from '../testing/engine-harness.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import { AccountLocks } from './account-locks.js';
import type { BatchStore, StoredTransaction } from './batch-store.js';
import { LedgerWriter, WRITE_ATTEMPTS_MAX, WRITE_WAIT_MS, WRITES_AT_ONCE_MAX } from './ledger-writer.js';
import type { TransactionCourier } from './transaction-courier.js';
import type { TransactionVerdict } from './transaction-verdict.js';

const caller = { mspId: 'TELD', role: 'treasurer' } as const;
const args = { evId: 'ev1', amountMinor: '100', reference: 'r1' };

jest.setTimeout(PATIENCE_MS);

describe('ledger writer', () => {
  let locks: AccountLocks;
  let clock: ShiftedClock;
  let writer: LedgerWriter;
  let prepares: (() => void)[];
  let verdicts: (Omit<TransactionVerdict, 'txId' | 'items'> | 'none')[];
  let stored: StoredTransaction[];
  let stores: boolean[];
  let storing: number;
  let storingMost: number;
  let carried: ((verdict: TransactionVerdict) => void)[];

  beforeEach(() => {
    locks = new AccountLocks();
    clock = new ShiftedClock();
    prepares = [];
    verdicts = [];
    stored = [];
    carried = [];
    stores = [];
    storing = 0;
    storingMost = 0;
    let count = 0;
    const ledger: Pick<LedgerPort, 'prepare'> = {
      prepare: async () => {
        prepares.shift()?.();
        count += 1;
        return { txId: `tx${count}`, bytes: Buffer.from('b'), result: '{"answer":1}' };
      },
    };
    const store: Pick<BatchStore, 'prepared'> = {
      prepared: async (transaction) => {
        storing += 1;
        storingMost = Math.max(storingMost, storing);
        await new Promise((resolve) => setTimeout(resolve, 1));
        storing -= 1;
        if (stores.shift()) throw new Error('database away');
        stored.push(transaction);
      },
    };
    const courier: Pick<TransactionCourier, 'carry'> = {
      carry: ({ txId }) =>
        new Promise((deliver) => {
          carried.push(deliver);
          const next = verdicts.shift() ?? { valid: true, code: 'VALID', blockNumber: 3n };
          if (next !== 'none') deliver({ txId, items: [], ...next });
        }),
    };
    writer = new LedgerWriter(ledger as LedgerPort, store as BatchStore, locks, courier as TransactionCourier, clock, {
      fraction: () => 0,
    });
  });

  const deposit = () => writer.write('Deposit', args, caller, ['ev1']);

  it('stores before it sends, with the accounts, and answers when a block has it', async () => {
    expect(await deposit()).toEqual({ txId: 'tx1', blockNumber: 3n, result: '{"answer":1}', items: [] });
    expect(stored).toEqual([{ txId: 'tx1', fn: 'Deposit', mspId: 'TELD', bytes: Buffer.from('b'), evIds: ['ev1'] }]);
    expect(locks.busy()).toEqual([]);
  });

  it('waits for whoever writes the account', async () => {
    const batch = locks.tryLock(['ev1']);
    const written = deposit();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(stored).toEqual([]);
    batch.release();
    await written;
    expect(stored.length).toBe(1);
  });

  it('tries again under a new txId after a conflict in a block', async () => {
    verdicts.push({ valid: false, code: 'MVCC_READ_CONFLICT', blockNumber: 2n });
    expect(await deposit()).toMatchObject({ txId: 'tx2' });
  });

  it('tries again when the database could not store it', async () => {
    stores.push(true, true);
    expect(await deposit()).toMatchObject({ txId: 'tx3' });
    expect(stored.map((transaction) => transaction.txId)).toEqual(['tx3']);
  });

  it('does not flood the database, however many write', async () => {
    const writes = Array.from({ length: 50 }, (_, index) =>
      writer.write('Deposit', { ...args, evId: `ev${index}` }, caller, [`ev${index}`]),
    );
    await Promise.all(writes);
    expect(stored.length).toBe(50);
    expect(storingMost).toBe(WRITES_AT_ONCE_MAX);
  });

  it('gives up after some attempts and says what was wrong', async () => {
    prepares = Array.from({ length: WRITE_ATTEMPTS_MAX }, () => () => {
      throw new LedgerError('retry', 'LEDGER_UNAVAILABLE', 'down');
    });
    await expect(deposit()).rejects.toMatchObject({ errorClass: 'retry', code: 'LEDGER_UNAVAILABLE' });
    expect(prepares).toEqual([]);
    expect(locks.busy()).toEqual([]);
  });

  it("hands on the contract's refusal at once", async () => {
    prepares.push(() => {
      throw new LedgerError('final', 'UNKNOWN_ACCOUNT', 'no such account');
    });
    await expect(deposit()).rejects.toMatchObject({ errorClass: 'final', code: 'UNKNOWN_ACCOUNT' });
    expect(stored).toEqual([]);
  });

  it('takes a refusal at submit for final', async () => {
    verdicts.push({ valid: false, code: 'TOO_LARGE', blockNumber: null });
    await expect(deposit()).rejects.toMatchObject({ errorClass: 'final', code: 'TOO_LARGE' });
  });

  it('says that the outcome is open when no verdict comes, and keeps the account locked until it does', async () => {
    verdicts.push('none');
    const written = deposit();
    await until(() => carried.length === 1);
    // The deadline has passed before the wait begins.
    clock.advance(WRITE_WAIT_MS);
    verdicts.push('none');
    const second = writer.write('Deposit', { ...args, evId: 'ev2' }, caller, ['ev2']);
    clock.advance(WRITE_WAIT_MS);
    await expect(second).rejects.toMatchObject({
      errorClass: 'ask-again',
      code: 'LEDGER_OUTCOME_UNKNOWN',
      txId: 'tx2',
    });
    expect(locks.isBusy('ev2')).toBe(true);
    carried[1]?.({ txId: 'tx2', valid: true, code: 'VALID', blockNumber: 9n, items: [] });
    await until(() => !locks.isBusy('ev2'));
    carried[0]?.({ txId: 'tx1', valid: true, code: 'VALID', blockNumber: 8n, items: [] });
    await written;
  });
});
