import { describe, expect, it } from '@jest/globals';
import { AccountLocks } from './account-locks.js';

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('account locks', () => {
  it('takes what is free and leaves the rest', () => {
    const locks = new AccountLocks();
    const first = locks.tryLock(['ev1', 'ev2', 'ev1']);
    expect([...first.locked]).toEqual(['ev1', 'ev2']);
    expect([...locks.tryLock(['ev2', 'ev3']).locked]).toEqual(['ev3']);
    expect(locks.busy().sort()).toEqual(['ev1', 'ev2', 'ev3']);
    first.release();
    expect(locks.busy()).toEqual(['ev3']);
  });

  it('releases once: a second release does not free the next holder', () => {
    const locks = new AccountLocks();
    const first = locks.tryLock(['ev1']);
    first.release();
    locks.tryLock(['ev1']);
    first.release();
    expect(locks.isBusy('ev1')).toBe(true);
  });

  it('makes a deposit wait for the batch, and the next batch wait for the deposit', async () => {
    const locks = new AccountLocks();
    const batch = locks.tryLock(['ev1']);
    const order: string[] = [];
    const deposit = locks.lock(['ev1']).then((release) => {
      order.push('deposit');
      return release;
    });
    await settled();
    expect(order).toEqual([]);
    batch.release();
    expect(locks.tryLock(['ev1']).locked.size).toBe(0);
    const release = await deposit;
    expect(locks.tryLock(['ev1']).locked.size).toBe(0);
    release();
    expect(locks.tryLock(['ev1']).locked.size).toBe(1);
  });

  it('serves waiters of one account in order, and lets others pass', async () => {
    const locks = new AccountLocks();
    const holder = locks.tryLock(['ev1']);
    const order: string[] = [];
    const waiting = ['a', 'b'].map((name) =>
      locks.lock(['ev1']).then((release) => {
        order.push(name);
        release();
      }),
    );
    (await locks.lock(['ev2']))();
    expect(order).toEqual([]);
    holder.release();
    await Promise.all(waiting);
    expect(order).toEqual(['a', 'b']);
    expect(locks.busy()).toEqual([]);
  });

  it('never deadlocks two that want two accounts in different order', async () => {
    const locks = new AccountLocks();
    const first = await locks.lock(['ev1', 'ev2']);
    const second = locks.lock(['ev2', 'ev1']);
    first();
    (await second)();
    expect(locks.busy()).toEqual([]);
  });
});
