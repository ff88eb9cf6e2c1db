import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deposit, isBlocked, NEW_CREDIT_STATE, pay, payReplacement, type CreditState } from './credit.js';

/** What may happen between drivers and stations; indexes are taken modulo the number of accounts. */
type Step =
  | { readonly kind: 'deposit'; readonly driver: number; readonly amountMinor: bigint }
  | { readonly kind: 'bill'; readonly driver: number; readonly station: number; readonly amountMinor: bigint }
  | { readonly kind: 'correct'; readonly bill: number; readonly amountMinor: bigint };

interface Bill {
  readonly driver: number;
  readonly station: number;
  readonly amountMinor: bigint;
}
interface World {
  readonly drivers: CreditState[];
  readonly stationsMinor: bigint[];
  readonly bills: Bill[];
  depositedMinor: bigint;
}

const ACCOUNTS = 3;
const amount = fc.bigInt(0n, 100_000n);
const index = fc.nat({ max: ACCOUNTS - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('deposit' as const), driver: index, amountMinor: amount }),
  fc.record({ kind: fc.constant('bill' as const), driver: index, station: index, amountMinor: amount }),
  fc.record({ kind: fc.constant('correct' as const), bill: fc.nat({ max: 50 }), amountMinor: amount }),
);
const steps = fc.array(step, { maxLength: 80 });
const threshold = fc.bigInt(-5_000n, 5_000n);

function emptyWorld(): World {
  return {
    drivers: Array.from({ length: ACCOUNTS }, () => NEW_CREDIT_STATE),
    stationsMinor: Array.from({ length: ACCOUNTS }, () => 0n),
    bills: [],
    depositedMinor: 0n,
  };
}

function change(world: World, driver: number, move: (state: CreditState) => CreditState): void {
  world.drivers[driver] = move(world.drivers[driver] ?? NEW_CREDIT_STATE);
}

function post(world: World, station: number, amountMinor: bigint): void {
  world.stationsMinor[station] = (world.stationsMinor[station] ?? 0n) + amountMinor;
}

function apply(world: World, one: Step, thresholdMinor: bigint): void {
  if (one.kind === 'deposit') {
    change(world, one.driver, (state) => deposit(state, one.amountMinor, thresholdMinor));
    world.depositedMinor += one.amountMinor;
  } else if (one.kind === 'bill') {
    change(world, one.driver, (state) => pay(state, one.amountMinor, thresholdMinor));
    post(world, one.station, one.amountMinor);
    world.bills.push(one);
  } else {
    correct(world, one.bill, one.amountMinor, thresholdMinor);
  }
}

/** A credit note for the whole bill, then its replacement with another amount. */
function correct(world: World, which: number, amountMinor: bigint, thresholdMinor: bigint): void {
  const at = world.bills.length === 0 ? -1 : which % world.bills.length;
  const bill = world.bills[at];
  if (bill === undefined) return;
  change(world, bill.driver, (state) => deposit(state, bill.amountMinor, thresholdMinor));
  change(world, bill.driver, (state) => payReplacement(state, amountMinor));
  post(world, bill.station, amountMinor - bill.amountMinor);
  world.bills[at] = { ...bill, amountMinor };
}

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, one) => total + one, 0n);
const heldMinor = ({ drivers, stationsMinor }: World): bigint =>
  sum(drivers.map(({ balanceMinor }) => balanceMinor)) + sum(stationsMinor);

describe('conservation', () => {
  it('holds after every step: Σ EV balances + Σ station balances = Σ deposits', () => {
    fc.assert(
      fc.property(steps, threshold, (all, thresholdMinor) => {
        const world = emptyWorld();
        for (const one of all) {
          apply(world, one, thresholdMinor);
          expect(heldMinor(world)).toBe(world.depositedMinor);
        }
      }),
    );
  });

  it('gives one award for one session, however often it is corrected', () => {
    fc.assert(
      fc.property(steps, threshold, (all, thresholdMinor) => {
        const world = emptyWorld();
        let cured = 0;
        for (const one of all) {
          const before = world.drivers.reduce((total, { arrears }) => total + arrears, 0);
          const billed = world.bills.length;
          apply(world, one, thresholdMinor);
          if (world.bills.length === billed) {
            cured += before - world.drivers.reduce((total, { arrears }) => total + arrears, 0);
          }
        }
        const awards = world.drivers.reduce((total, { creditCount }) => total + creditCount, 0);
        expect(awards).toBe(world.bills.length + cured);
      }),
    );
  });

  it('keeps credit and arrears in step: creditSum is awards minus twice the −1 ones', () => {
    fc.assert(
      fc.property(steps, threshold, (all, thresholdMinor) => {
        const world = emptyWorld();
        for (const one of all) apply(world, one, thresholdMinor);
        for (const { creditSum, creditCount, arrears } of world.drivers) {
          expect(Math.abs(creditSum)).toBeLessThanOrEqual(creditCount);
          expect((creditCount - creditSum) % 2).toBe(0);
          expect(arrears).toBeLessThanOrEqual((creditCount - creditSum) / 2);
        }
      }),
    );
  });

  it('has balances that no order of payments and deposits changes', () => {
    const shuffled = fc.array(step, { maxLength: 40 }).chain((all) =>
      fc.tuple(
        fc.constant(all.filter(({ kind }) => kind !== 'correct')),
        fc.shuffledSubarray(
          all.filter(({ kind }) => kind !== 'correct'),
          {
            minLength: all.filter(({ kind }) => kind !== 'correct').length,
          },
        ),
      ),
    );
    fc.assert(
      fc.property(shuffled, threshold, ([first, second], thresholdMinor) => {
        const [a, b] = [emptyWorld(), emptyWorld()];
        for (const one of first) apply(a, one, thresholdMinor);
        for (const one of second) apply(b, one, thresholdMinor);
        expect(b.drivers.map(({ balanceMinor }) => balanceMinor)).toEqual(
          a.drivers.map(({ balanceMinor }) => balanceMinor),
        );
        expect(b.stationsMinor).toEqual(a.stationsMinor);
      }),
    );
  });

  it('but credit does depend on the order: who pays in time stands better', () => {
    const inTime = pay(deposit(NEW_CREDIT_STATE, 100n, 0n), 100n, 0n);
    const late = deposit(pay(NEW_CREDIT_STATE, 100n, 0n), 100n, 0n);
    expect([inTime.balanceMinor, inTime.creditSum, inTime.creditCount]).toEqual([0n, 1, 1]);
    expect([late.balanceMinor, late.creditSum, late.creditCount]).toEqual([0n, 0, 2]);
    expect(isBlocked(late, 0n)).toBe(false);
  });
});
