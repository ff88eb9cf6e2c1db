import type { MoneyView } from '@tallywatt/contracts';
import { formatAmount } from '@tallywatt/domain';

/** The network's currency, a parameter on the ledger that never changes. */
export interface Currency {
  readonly code: string;
  readonly decimals: number;
}

/** Before supervision has set parameters there is no money; zeros are shown in this one. */
export const DEFAULT_CURRENCY: Currency = { code: 'CNY', decimals: 2 };

export function moneyView(minor: bigint | string, currency: Currency): MoneyView {
  const value = BigInt(minor);
  const amount = formatAmount({ minor: value, decimals: currency.decimals });
  return { currency: currency.code, amount, minor: value.toString() };
}
