import { describe, expect, it } from '@jest/globals';
import type { LedgerFunction, LedgerTransactions, SettleItemArgs } from '@tallywatt/contracts';
import fc from 'fast-check';
import { by, itemCosting, LedgerWorld, NOW_MS, registerUnitStation } from './testing/ledger-world.js';

/** Runs of up to this many commands; the seed is printed when one fails. */
const RUNS = 60;
const COMMANDS_MAX = 25;
const USERS = ['TELD-EV', 'STAR-EV'] as const;
const OPERATOR_OF = { 'TELD-EV': 'TELD', 'STAR-EV': 'STAR' } as const;

interface Account {
  balance: number;
  sum: number;
  count: number;
  arrears: number;
}
interface Bill {
  readonly id: string;
  readonly user: (typeof USERS)[number];
  readonly minor: number;
  credited: boolean;
}

/** The rules once more, by hand and in plain numbers: what the ledger must say after each command. */
class Model {
  readonly accounts = new Map<string, Account>(
    USERS.map((user) => [user, { balance: 0, sum: 0, count: 0, arrears: 0 }]),
  );
  readonly bills: Bill[] = [];
  folded = 0;
  deltas = 0;

  account(user: string): Account {
    const account = this.accounts.get(user);
    if (account === undefined) throw new Error(user);
    return account;
  }

  pay(user: string, minor: number, award: boolean): void {
    const account = this.account(user);
    account.balance -= minor;
    this.deltas += minor;
    if (!award) return;
    account.count++;
    account.sum += account.balance >= 0 ? 1 : -1;
    if (account.balance < 0) account.arrears++;
  }

  receive(user: string, minor: number): void {
    const account = this.account(user);
    account.balance += minor;
    if (account.balance < 0) return;
    account.sum += account.arrears;
    account.count += account.arrears;
    account.arrears = 0;
  }
}

const user = fc.constantFrom(...USERS);
const minor = fc.integer({ min: 0, max: 500 });
const pick = fc.nat(1000);
const command = fc.oneof(
  fc.record({
    kind: fc.constant('deposit' as const),
    user,
    minor: fc.integer({ min: 1, max: 800 }),
    again: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    items: fc.array(fc.record({ user, minor, wrong: fc.boolean() }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('replay' as const), pick }),
  fc.record({ kind: fc.constant('credit' as const), pick, minor }),
  fc.record({ kind: fc.constant('fold' as const), pick }),
  fc.record({ kind: fc.constant('payOut' as const), minor: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ kind: fc.constant('refund' as const), user, minor: fc.integer({ min: 1, max: 900 }) }),
  fc.record({ kind: fc.constant('race' as const), user }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

class Run {
  readonly model = new Model();
  private serial = 0;

  constructor(private readonly world: LedgerWorld) {}

  async play(step: Command): Promise<void> {
    switch (step.kind) {
      case 'deposit':
        return this.deposit(step.user, step.minor, step.again);
      case 'settle':
        return this.settle(step.items);
      case 'replay':
        return this.replay(step.pick);
      case 'credit':
        return this.creditAndReplace(step.pick, step.minor);
      case 'fold':
        return this.fold(step.pick);
      case 'payOut':
        return this.payOut(step.minor);
      case 'refund':
        return this.refund(step.user, step.minor);
      case 'race':
        return this.race(step.user);
    }
  }

  async check(): Promise<void> {
    const { world, model } = this;
    for (const name of USERS) {
      const { balance, sum, count, arrears } = model.account(name);
      const expected = { balanceMinor: String(balance), creditSum: sum, creditCount: count, arrears, blocked: sum < 0 };
      expect(await world.account(name, OPERATOR_OF[name])).toMatchObject(expected);
    }
    expect((await world.station('UNIT-CS')).balance).toMatchObject({
      foldedMinor: String(model.folded),
      balanceMinor: String(model.folded + model.deltas),
    });
    expect((await world.supply()).conserved).toBe(true);
  }

  private next(prefix: string): string {
    return `${prefix}-${String(this.serial++).padStart(4, '0')}`;
  }

  private async deposit(name: (typeof USERS)[number], amount: number, again: boolean): Promise<void> {
    const reference = this.next('d');
    await this.world.deposit(String(amount), reference, name, OPERATOR_OF[name]);
    if (again) await this.world.deposit(String(amount), reference, name, OPERATOR_OF[name]);
    this.model.receive(name, amount);
  }

  private async settle(
    items: readonly { user: (typeof USERS)[number]; minor: number; wrong: boolean }[],
  ): Promise<void> {
    const named = items.map((item) => ({ ...item, id: this.next('s') }));
    const args = named.map(({ id, user: evId, minor: cost, wrong }) =>
      itemCosting(id, cost, { evId, ...(wrong ? { totalMinor: String(cost + 1) } : {}) }),
    );
    const verdicts = await this.world.settle(args);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(named.map(({ wrong }) => (wrong ? 'rejected' : 'settled')));
    for (const { id, user: name, minor: cost, wrong } of named) {
      if (wrong) continue;
      this.model.pay(name, cost, true);
      this.model.bills.push({ id, user: name, minor: cost, credited: false });
    }
  }

  private async replay(index: number): Promise<void> {
    const bill = this.bill(index, () => true);
    if (bill === undefined || bill.id.startsWith('r')) return;
    expect(await this.world.settle([itemCosting(bill.id, bill.minor, { evId: bill.user })])).toMatchObject([
      { verdict: 'duplicate' },
    ]);
    expect(await this.world.settle([itemCosting(bill.id, bill.minor + 1, { evId: bill.user })])).toMatchObject([
      { verdict: 'conflict' },
    ]);
  }

  private async creditAndReplace(index: number, cost: number): Promise<void> {
    const bill = this.bill(index, ({ credited }) => !credited);
    if (bill === undefined) return;
    const note = { settlementId: bill.id, evId: bill.user, reference: this.next('n'), reason: 'model' };
    await this.submit('IssueCreditNote', note);
    this.model.receive(bill.user, bill.minor);
    this.model.deltas -= bill.minor;
    bill.credited = true;
    await expect(this.submit('IssueCreditNote', { ...note, reference: this.next('n') })).rejects.toThrow(
      /^ALREADY_CREDITED: /,
    );
    const replacement: SettleItemArgs = itemCosting(this.next('r'), cost, { evId: bill.user, replaces: bill.id });
    expect(await this.world.settle([replacement])).toMatchObject([{ verdict: 'settled' }]);
    this.model.pay(bill.user, cost, false);
    this.model.bills.push({ id: replacement.settlementId, user: bill.user, minor: cost, credited: false });
  }

  private async fold(index: number): Promise<void> {
    const balance = (await this.world.station('UNIT-CS')).balance;
    const deltaKeys = balance?.deltaKeys.slice(0, 1 + (index % 3)) ?? [];
    if (deltaKeys.length === 0) return;
    const { foldedMinor } = (await this.submit('FoldAccount', { stationId: 'UNIT-CS', deltaKeys })) as {
      foldedMinor: string;
    };
    this.model.deltas += this.model.folded - Number(foldedMinor);
    this.model.folded = Number(foldedMinor);
  }

  private async payOut(amount: number): Promise<void> {
    const paying = this.submit('PayOut', {
      stationId: 'UNIT-CS',
      amountMinor: String(amount),
      reference: this.next('p'),
    });
    if (amount > this.model.folded) return expect(paying).rejects.toThrow(/^INSUFFICIENT_BALANCE: /);
    await paying;
    this.model.folded -= amount;
  }

  private async refund(name: (typeof USERS)[number], amount: number): Promise<void> {
    const args = { evId: name, amountMinor: String(amount), reference: this.next('f') };
    const refunding = this.world.submit('Refund', args, by(OPERATOR_OF[name], 'treasurer'));
    if (amount > this.model.account(name).balance) return expect(refunding).rejects.toThrow(/^INSUFFICIENT_BALANCE: /);
    await refunding;
    this.model.account(name).balance -= amount;
  }

  /** Two deposits that saw the same account: one of them is void. */
  private async race(name: (typeof USERS)[number]): Promise<void> {
    const caller = by(OPERATOR_OF[name], 'treasurer');
    const simulate = () =>
      this.world.ledger.simulate(
        'Deposit',
        { evId: name, amountMinor: '7', reference: this.next('d') },
        caller,
        NOW_MS,
      );
    const [one, two] = [await simulate(), await simulate()];
    expect([await this.world.ledger.commit(one), await this.world.ledger.commit(two)]).toEqual([
      'VALID',
      'MVCC_READ_CONFLICT',
    ]);
    this.model.receive(name, 7);
  }

  private bill(index: number, fits: (bill: Bill) => boolean): Bill | undefined {
    const bills = this.model.bills.filter(fits);
    return bills[index % Math.max(bills.length, 1)];
  }

  private submit<F extends LedgerFunction>(fn: F, args: LedgerTransactions[F]): Promise<unknown> {
    return this.world.submit(fn, args, by('TELD', 'treasurer'));
  }
}

describe('money on the ledger', () => {
  it('is what a plain model says, after any sequence of commands', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: COMMANDS_MAX }), async (commands) => {
        const world = await LedgerWorld.open();
        await registerUnitStation(world);
        const run = new Run(world);
        for (const step of commands) {
          await run.play(step);
          await run.check();
        }
      }),
      { numRuns: RUNS },
    );
  }, 60_000);
});
