import { checkTariff, type TariffFault } from './tariff-check.js';
import type { Price, Tariff } from './tariff.js';
import type { EpochMs } from './time.js';

export type TariffChangeFault =
  TariffFault | 'OPERATOR_CHANGED' | 'PRICE_EDITED' | 'PRICE_REMOVED' | 'CHANGE_IN_THE_PAST';

function sameBut(before: Price, after: Price): boolean {
  return (
    before.fromMinute === after.fromMinute &&
    before.toMinute === after.toMinute &&
    before.weekdayMask === after.weekdayMask &&
    before.validFromMs === after.validFromMs &&
    before.electricityPriceE4 === after.electricityPriceE4 &&
    before.servicePriceE4 === after.servicePriceE4
  );
}

function existingPriceFault(before: Price, after: Price | undefined, nowMs: EpochMs): TariffChangeFault | undefined {
  if (after === undefined) return 'PRICE_REMOVED';
  if (!sameBut(before, after)) return 'PRICE_EDITED';
  return endFault(before.validToMs, after.validToMs, nowMs);
}

/** An end may be set or brought forward, never put off: a price that was announced to end, or has ended, stays so. */
function endFault(beforeMs: EpochMs | null, afterMs: EpochMs | null, nowMs: EpochMs): TariffChangeFault | undefined {
  if (beforeMs === afterMs) return undefined;
  if (afterMs === null || (beforeMs !== null && afterMs > beforeMs)) return 'PRICE_EDITED';
  return afterMs < nowMs ? 'CHANGE_IN_THE_PAST' : undefined;
}

/**
 * Checks a change: existing prices keep everything but an end that lies in the future, and new ones start in the future.
 * Only a tariff's first version may start at any time (rules.md): then `before` is undefined.
 */
export function checkTariffChange(
  before: Tariff | undefined,
  after: Tariff,
  nowMs: EpochMs,
): TariffChangeFault | undefined {
  const fault = checkTariff(after);
  if (fault !== undefined || before === undefined) return fault;
  if (before.operatorId !== after.operatorId) return 'OPERATOR_CHANGED';
  const changed = new Map(after.prices.map((price) => [price.priceId, price]));
  for (const price of before.prices) {
    const existing = existingPriceFault(price, changed.get(price.priceId), nowMs);
    if (existing !== undefined) return existing;
    changed.delete(price.priceId);
  }
  return [...changed.values()].some(({ validFromMs }) => validFromMs < nowMs) ? 'CHANGE_IN_THE_PAST' : undefined;
}
