import { divHalfAwayFromZero } from './rounding.js';

/** Money in the currency's smallest unit (fen for CNY). */
export type AmountMinor = bigint;

/** No balance and no amount beyond it: far above any fleet's turnover, far below where 64-bit columns end. */
export const AMOUNT_MINOR_MAX = 10n ** 15n;
/** 999.9999 currency units per kWh: a dearer price is a typing error. */
export const PRICE_E4_MAX = 9_999_999n;
/** Currencies have at most four decimals (ISO 4217). */
export const CURRENCY_DECIMALS_MAX = 4;

/** 1e-4 units per kWh × Wh = 1e-7 units; a minor unit is 1e-2 of one. */
const E4_WH_PER_MINOR = 100_000n;
/** Canonical only, so that one amount has one spelling in hashes and keys. */
const AMOUNT_MINOR_TEXT = /^(?:0|-?[1-9]\d{0,15})$/;

/**
 * Formulas (4) and (5): one component's fee of one line, half away from zero to the minor unit.
 * @param priceE4 1e-4 currency units per kWh
 */
export function feeMinor(priceE4: bigint, energyWh: bigint): AmountMinor {
  return divHalfAwayFromZero(priceE4 * energyWh, E4_WH_PER_MINOR);
}

/** Reads the wire's decimal string of minor units ("1234"); undefined unless canonical and within ±AMOUNT_MINOR_MAX. */
export function parseAmountMinor(text: string): AmountMinor | undefined {
  if (!AMOUNT_MINOR_TEXT.test(text)) return undefined;
  const minor = BigInt(text);
  return minor > AMOUNT_MINOR_MAX || minor < -AMOUNT_MINOR_MAX ? undefined : minor;
}

/** "12.34" for 1234 minor units at two decimals. @throws RangeError unless decimals is 0 … CURRENCY_DECIMALS_MAX */
export function formatAmount({ minor, decimals }: { readonly minor: AmountMinor; readonly decimals: number }): string {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > CURRENCY_DECIMALS_MAX) {
    throw new RangeError('decimals out of range');
  }
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
