import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deposit, isBlocked, NEW_CREDIT_STATE, pay, payReplacement, type CreditState } from './credit.js';
import { readVectors } from './testing/vectors.js';

interface CreditVector {
  readonly openingMinor: number;
  readonly thresholdMinor: number;
  readonly steps: readonly {
    readonly payMinor?: number;
    readonly depositMinor?: number;
    readonly balanceMinor: number;
    readonly award?: number;
    readonly cured?: number;
    readonly creditSum: number;
    readonly creditCount: number;
    readonly arrears: number;
    readonly blocked: boolean;
  }[];
}
const vectors = readVectors('credit') as readonly CreditVector[];

function outcome(state: CreditState): CreditState {
  const { balanceMinor, creditSum, creditCount, arrears } = state;
  return { balanceMinor, creditSum, creditCount, arrears };
}

describe('credit, formula (2)', () => {
  it('has vectors to match', () => expect(vectors.length).toBeGreaterThanOrEqual(3));

  it.each(vectors.map((vector, index) => [index, vector] as const))('matches vector %d step by step', (_, vector) => {
    const threshold = BigInt(vector.thresholdMinor);
    let state: CreditState = { ...NEW_CREDIT_STATE, balanceMinor: BigInt(vector.openingMinor) };
    for (const step of vector.steps) {
      if (step.payMinor !== undefined) {
        const paid = pay(state, BigInt(step.payMinor), threshold);
        expect(paid.award).toBe(step.award);
        state = outcome(paid);
      } else {
        const deposited = deposit(state, BigInt(step.depositMinor ?? 0), threshold);
        expect(deposited.cured).toBe(step.cured);
        state = outcome(deposited);
      }
      expect(state).toEqual({
        balanceMinor: BigInt(step.balanceMinor),
        creditSum: step.creditSum,
        creditCount: step.creditCount,
        arrears: step.arrears,
      });
      expect(isBlocked(state, 0n)).toBe(step.blocked);
    }
  });

  it('a replacement bill moves money and nothing else', () => {
    const before = { balanceMinor: 10n, creditSum: 3, creditCount: 5, arrears: 1 };
    expect(payReplacement(before, 25n)).toEqual({ ...before, balanceMinor: -15n });
  });

  it('compares R_v with R_min by integers, a new user having 0', () => {
    expect(isBlocked(NEW_CREDIT_STATE, 0n)).toBe(false);
    expect(isBlocked(NEW_CREDIT_STATE, 1n)).toBe(true);
    expect(isBlocked({ creditSum: 1, creditCount: 3 }, 333_333n)).toBe(false);
    expect(isBlocked({ creditSum: 1, creditCount: 3 }, 333_334n)).toBe(true);
    expect(isBlocked({ creditSum: -1, creditCount: 1 }, -1_000_000n)).toBe(false);
  });
});

const movement = fc.record({ pays: fc.boolean(), amountMinor: fc.bigInt(0n, 10n ** 9n) });

function play(movements: readonly { pays: boolean; amountMinor: bigint }[], threshold: bigint): CreditState {
  return movements.reduce<CreditState>(
    (state, { pays, amountMinor }) =>
      outcome(pays ? pay(state, amountMinor, threshold) : deposit(state, amountMinor, threshold)),
    NEW_CREDIT_STATE,
  );
}

describe('credit, for any history', () => {
  it('keeps every fen: balance = Σ deposits − Σ payments, in any order', () => {
    fc.assert(
      fc.property(fc.array(movement, { maxLength: 60 }), fc.bigInt(-1_000n, 1_000n), (movements, threshold) => {
        const sum = movements.reduce(
          (total, { pays, amountMinor }) => (pays ? total - amountMinor : total + amountMinor),
          0n,
        );
        expect(play(movements, threshold).balanceMinor).toBe(sum);
        expect(play(movements.toReversed(), threshold).balanceMinor).toBe(sum);
      }),
    );
  });

  it('never has R_v above 1, and an open arrear only below the threshold', () => {
    fc.assert(
      fc.property(fc.array(movement, { maxLength: 60 }), fc.bigInt(-1_000n, 1_000n), (movements, threshold) => {
        let state: CreditState = NEW_CREDIT_STATE;
        for (const { pays, amountMinor } of movements) {
          const next = pays ? pay(state, amountMinor, threshold) : deposit(state, amountMinor, threshold);
          if (!pays && next.balanceMinor >= threshold) expect(next.arrears).toBe(0);
          expect(Math.abs(next.creditSum)).toBeLessThanOrEqual(next.creditCount);
          expect(next.arrears).toBeGreaterThanOrEqual(0);
          state = outcome(next);
        }
      }),
    );
  });

  it('a user who pays every arrear ends where a user who always had money would not stand lower than 0', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 10_000n), { minLength: 1, maxLength: 30 }), (amounts) => {
        const owing = play(
          amounts.map((amountMinor) => ({ pays: true, amountMinor })),
          0n,
        );
        const cured = deposit(owing, -owing.balanceMinor, 0n);
        expect(cured).toMatchObject({ balanceMinor: 0n, arrears: 0, creditSum: 0, creditCount: 2 * amounts.length });
        expect(isBlocked(cured, 0n)).toBe(false);
      }),
    );
  });
});
