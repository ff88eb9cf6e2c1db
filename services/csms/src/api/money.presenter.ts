import type { MoneyView } from '@tallywatt/contracts';
import { formatAmount } from '@tallywatt/domain';

/** rules.md: currency is a network parameter, default CNY with two decimals. */
const NETWORK_CURRENCY = { code: 'CNY', decimals: 2 } as const;

/** `minor` as PostgreSQL gives it (decimal text); never through a float. */
export function presentMoney(minor: string): MoneyView {
  const amount = formatAmount({ minor: BigInt(minor), decimals: NETWORK_CURRENCY.decimals });
  return { currency: NETWORK_CURRENCY.code, amount, minor };
}
