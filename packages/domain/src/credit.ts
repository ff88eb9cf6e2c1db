import type { AmountMinor } from './money.js';

/** An EV user's money and credit. Formula (2): R_v = creditSum / creditCount, 0 before the first award. */
export interface CreditState {
  readonly balanceMinor: AmountMinor;
  /** Σ of the awards +1 and −1. */
  readonly creditSum: number;
  readonly creditCount: number;
  /** Awards of −1 whose service is not paid for yet. */
  readonly arrears: number;
}

/** What a payment did to the credit. */
export interface Paid extends CreditState {
  readonly award: 1 | -1;
}
/** What a deposit did: each arrear that it cured earned one +1. */
export interface Deposited extends CreditState {
  readonly cured: number;
}

export const NEW_CREDIT: CreditState = { balanceMinor: 0n, creditSum: 0, creditCount: 0, arrears: 0 };

const E6 = 1_000_000n;

/**
 * Algorithm 2: takes the total even below the threshold (the energy is delivered), then awards +1 at or above it and −1
 * with an arrear below it.
 * @throws RangeError when totalMinor is negative
 */
export function pay(state: CreditState, totalMinor: AmountMinor, thresholdMinor: AmountMinor): Paid {
  const { balanceMinor } = payAgain(state, totalMinor);
  const award = balanceMinor >= thresholdMinor ? 1 : -1;
  return {
    balanceMinor,
    creditSum: state.creditSum + award,
    creditCount: state.creditCount + 1,
    arrears: state.arrears + (award === -1 ? 1 : 0),
    award,
  };
}

/**
 * A replacement bill after a credit note: moves money only, for one session gives one award however often corrected.
 * @throws RangeError when totalMinor is negative
 */
export function payAgain(state: CreditState, totalMinor: AmountMinor): CreditState {
  assertNotNegative(totalMinor);
  return { ...creditOf(state), balanceMinor: state.balanceMinor - totalMinor };
}

/**
 * Money comes in. Reaching the threshold completes the payment of every open arrear: each earns +1 and is cleared.
 * @throws RangeError when amountMinor is negative
 */
export function deposit(state: CreditState, amountMinor: AmountMinor, thresholdMinor: AmountMinor): Deposited {
  assertNotNegative(amountMinor);
  const balanceMinor = state.balanceMinor + amountMinor;
  const cured = balanceMinor >= thresholdMinor ? state.arrears : 0;
  return {
    balanceMinor,
    creditSum: state.creditSum + cured,
    creditCount: state.creditCount + cured,
    arrears: state.arrears - cured,
    cured,
  };
}

/** The amount that a credit note returns counts like a deposit (not the cash refund to a driver, which takes money out). */
export function refund(state: CreditState, returnedMinor: AmountMinor, thresholdMinor: AmountMinor): Deposited {
  return deposit(state, returnedMinor, thresholdMinor);
}

/** R_v < R_min, compared by integers; R_v is 0 without any award. @param minCreditE6 R_min in 1e-6 */
export function isBlocked(
  { creditSum, creditCount }: Pick<CreditState, 'creditSum' | 'creditCount'>,
  minCreditE6: bigint,
): boolean {
  // With a count of 0 the sum is 0 too: comparing with a count of 1 says that R_v is 0.
  return BigInt(creditSum) * E6 < minCreditE6 * BigInt(creditCount === 0 ? 1 : creditCount);
}

function creditOf({ balanceMinor, creditSum, creditCount, arrears }: CreditState): CreditState {
  return { balanceMinor, creditSum, creditCount, arrears };
}

function assertNotNegative(amountMinor: AmountMinor): void {
  if (amountMinor < 0n) throw new RangeError('an amount is not negative: its direction is in the name of what happens');
}
