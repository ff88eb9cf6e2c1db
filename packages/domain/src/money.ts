/** Money in minor units of the network's currency (fen for CNY). */
export type AmountMinor = bigint;

/** Largest single amount that any rule accepts: 10^15 minor units. */
export const AMOUNT_MINOR_MAX = 10n ** 15n;
/** Largest unit price, in 1e-4 currency units per kWh (rules.md "Units"). */
export const PRICE_E4_MAX = 9_999_999n;
/** No currency has more decimals (ISO 4217). */
export const CURRENCY_DECIMALS_MAX = 4;
/** price[1e-4/kWh] × energy[Wh] / 100 000 = minor units, with two decimals of currency. */
const FEE_DIVISOR = 100_000n;

function requirePositive(divisor: bigint): void {
  if (divisor <= 0n) throw new RangeError('divisor must be positive');
}

/** Quotient rounded to the nearest integer, ties away from zero. Throws RangeError unless `divisor` > 0. */
export function divHalfAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  requirePositive(divisor);
  const magnitude = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * magnitude + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

/** Quotient rounded towards minus infinity. Throws RangeError unless `divisor` > 0. */
export function divFloor(dividend: bigint, divisor: bigint): bigint {
  requirePositive(divisor);
  const truncated = dividend / divisor;
  return dividend < 0n && truncated * divisor !== dividend ? truncated - 1n : truncated;
}

/** Quotient rounded to the nearest integer, ties towards plus infinity. Throws RangeError unless `divisor` > 0. */
export function divHalfUp(dividend: bigint, divisor: bigint): bigint {
  return divFloor(2n * dividend + divisor, 2n * divisor);
}

/**
 * Fee of one component of one bill line: formulas (4) and (5) with the rounding of rules.md.
 * @param priceE4 unit price, 1e-4 currency units per kWh
 * @param energyWh energy of the line, Wh
 */
export function feeMinor(priceE4: bigint, energyWh: bigint): AmountMinor {
  return divHalfAwayFromZero(priceE4 * energyWh, FEE_DIVISOR);
}

/** Reads a decimal string of minor units; undefined when it is not one or exceeds {@link AMOUNT_MINOR_MAX}. */
export function parseAmountMinor(text: string): AmountMinor | undefined {
  if (!/^-?(0|[1-9][0-9]{0,15})$/.test(text) || text === '-0') return undefined;
  const amount = BigInt(text);
  const magnitude = amount < 0n ? -amount : amount;
  return magnitude > AMOUNT_MINOR_MAX ? undefined : amount;
}

/**
 * For people: minor units with `decimals` places after the point, e.g. `-1205` → `-12.05`.
 * Throws RangeError unless `decimals` is 0 … {@link CURRENCY_DECIMALS_MAX}.
 */
export function formatAmount({ minor, decimals }: { readonly minor: AmountMinor; readonly decimals: number }): string {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > CURRENCY_DECIMALS_MAX) {
    throw new RangeError('decimals out of range');
  }
  const sign = minor < 0n ? '-' : '';
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0');
  if (decimals === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
