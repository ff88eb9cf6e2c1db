import type { AmountMinor } from './money.js';

/** Money and credit of an EV user: formula (2) with R_v = creditSum / creditCount. */
export interface CreditState {
  readonly balanceMinor: AmountMinor;
  readonly creditSum: number;
  readonly creditCount: number;
  /** Open −1 awards: services that were delivered while the balance ended below the threshold. */
  readonly arrears: number;
}

/** An account as `OpenAccount` makes it. */
export const NEW_CREDIT_STATE: CreditState = { balanceMinor: 0n, creditSum: 0, creditCount: 0, arrears: 0 };

const MICRO = 1_000_000n;

/** A payment always goes through; the balance after it decides the award (algorithm 2). */
export function pay(
  state: CreditState,
  totalMinor: AmountMinor,
  thresholdMinor: AmountMinor,
): CreditState & { readonly award: 1 | -1 } {
  const balanceMinor = state.balanceMinor - totalMinor;
  const award = balanceMinor >= thresholdMinor ? 1 : -1;
  return {
    balanceMinor,
    creditSum: state.creditSum + award,
    creditCount: state.creditCount + 1,
    arrears: state.arrears + (award === -1 ? 1 : 0),
    award,
  };
}

/** A replacement of a credited bill moves money only: one session gives one award, however often it is corrected. */
export function payReplacement(state: CreditState, totalMinor: AmountMinor): CreditState {
  return { ...state, balanceMinor: state.balanceMinor - totalMinor };
}

/**
 * A deposit, or the returned amount of a credit note. When it brings the balance to the threshold or above, each open
 * arrear earns one +1 and is cleared (rules.md "Credit of an EV user").
 */
export function deposit(
  state: CreditState,
  amountMinor: AmountMinor,
  thresholdMinor: AmountMinor,
): CreditState & { readonly cured: number } {
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

/** R_v < R_min, by integers; R_v of a new user is 0. `minCreditE6` is R_min in 1e-6. */
export function isBlocked(state: Pick<CreditState, 'creditSum' | 'creditCount'>, minCreditE6: bigint): boolean {
  if (state.creditCount === 0) return 0n < minCreditE6;
  return BigInt(state.creditSum) * MICRO < minCreditE6 * BigInt(state.creditCount);
}
