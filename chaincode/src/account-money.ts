import type { AccountRecord } from '@tallywatt/contracts';
import { AMOUNT_MINOR_MAX, deposit, pay, payReplacement, type CreditState } from '@tallywatt/domain';
import { demand } from './contract-error.js';

/** Domain's rules on an account record: what is paid, deposited and returned. */
export function payFrom(account: AccountRecord, totalMinor: bigint, thresholdMinor: bigint): AccountRecord {
  return withCredit(account, pay(account, totalMinor, thresholdMinor));
}

/** A replacement moves money only: the session has had its award (rules.md "Payment"). */
export function payAgainFrom(account: AccountRecord, totalMinor: bigint): AccountRecord {
  return withCredit(account, payReplacement(account, totalMinor));
}

/** A deposit, and likewise the returned amount of a credit note: arrears are cured when the balance reaches the threshold. */
export function depositTo(account: AccountRecord, amountMinor: bigint, thresholdMinor: bigint): AccountRecord {
  return withCredit(account, deposit(account, amountMinor, thresholdMinor));
}

/** reliability.md section 9: no balance and no amount beyond 10^15 minor units. */
export function assertMoney(amountMinor: bigint): void {
  const size = amountMinor < 0n ? -amountMinor : amountMinor;
  demand(size <= AMOUNT_MINOR_MAX, 'AMOUNT_OUT_OF_RANGE', 'the amount exceeds the ledger');
}

function withCredit(account: AccountRecord, credit: CreditState): AccountRecord {
  return {
    ...account,
    balanceMinor: credit.balanceMinor,
    creditSum: credit.creditSum,
    creditCount: credit.creditCount,
    arrears: credit.arrears,
  };
}
