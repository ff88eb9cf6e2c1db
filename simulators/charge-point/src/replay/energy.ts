/** Longest energy text that is taken for a number; a register has at most 16 digits. */
export const TEXT_LENGTH_MAX = 24;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const WH_PER_KWH_DIGITS = 3;

/**
 * Decimal text to whole Wh, digit by digit and never through a float; a fraction of a Wh is rounded half away from
 * zero. Undefined for what is not a plain decimal number or not a safe integer of Wh.
 */
export function energyWh(text: string, unit: 'Wh' | 'kWh'): number | undefined {
  const match = text.length > TEXT_LENGTH_MAX ? null : DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const digits = unit === 'kWh' ? WH_PER_KWH_DIGITS : 0;
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const roundsUp = Number(fraction.charAt(digits)) >= 5;
  const magnitude = Number(whole + kept) + (roundsUp ? 1 : 0);
  if (!Number.isSafeInteger(magnitude)) return undefined;
  return sign === '-' && magnitude !== 0 ? -magnitude : magnitude;
}
