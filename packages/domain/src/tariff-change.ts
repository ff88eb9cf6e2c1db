import type { Price, Tariff } from './tariff.js';

export type TariffChangeFault =
  /** Another tariffId or operatorId than before. */
  | { readonly code: 'OTHER_TARIFF' }
  /**
   * PRICE_REMOVED: the old version's price is missing; PRICE_EDITED: something but its end differs, or an end that was
   * set is put off; CLOSED_IN_PAST: the new end, or the end that it replaces, has passed; STARTS_IN_PAST: a new price.
   */
  | {
      readonly code: 'PRICE_REMOVED' | 'PRICE_EDITED' | 'CLOSED_IN_PAST' | 'STARTS_IN_PAST';
      readonly priceId: string;
    };

/**
 * What a new version may do: add prices that start now or later, and close existing ones now or later. Nothing that has
 * been priced can change its price afterwards. The first version (`before` undefined) may start at any time.
 * The new version itself is checked by checkTariff.
 */
export function checkTariffChange(
  before: Tariff | undefined,
  after: Tariff,
  nowMs: number,
): readonly TariffChangeFault[] {
  if (before === undefined) return [];
  if (before.tariffId !== after.tariffId || before.operatorId !== after.operatorId) return [{ code: 'OTHER_TARIFF' }];
  const oldIds = new Set(before.prices.map(({ priceId }) => priceId));
  const added = after.prices.filter(({ priceId }) => !oldIds.has(priceId));
  return [
    ...before.prices.flatMap((price) => keptFaults(price, after, nowMs)),
    ...added.filter(({ validFromMs }) => validFromMs < nowMs).map(({ priceId }) => fault('STARTS_IN_PAST', priceId)),
  ];
}

function keptFaults(old: Price, after: Tariff, nowMs: number): readonly TariffChangeFault[] {
  const kept = after.prices.find(({ priceId }) => priceId === old.priceId);
  if (kept === undefined) return [fault('PRICE_REMOVED', old.priceId)];
  if (!isSameButEnd(old, kept)) return [fault('PRICE_EDITED', old.priceId)];
  return endFaults(old, kept, nowMs);
}

function endFaults(old: Price, kept: Price, nowMs: number): readonly TariffChangeFault[] {
  if (kept.validToMs === old.validToMs) return [];
  if (kept.validToMs === null || (old.validToMs !== null && kept.validToMs > old.validToMs)) {
    return [fault('PRICE_EDITED', old.priceId)];
  }
  return kept.validToMs < nowMs ? [fault('CLOSED_IN_PAST', old.priceId)] : [];
}

function isSameButEnd(a: Price, b: Price): boolean {
  return (
    a.fromMinute === b.fromMinute &&
    a.toMinute === b.toMinute &&
    a.weekdayMask === b.weekdayMask &&
    a.validFromMs === b.validFromMs &&
    a.electricityPriceE4 === b.electricityPriceE4 &&
    a.servicePriceE4 === b.servicePriceE4
  );
}

function fault(code: Exclude<TariffChangeFault['code'], 'OTHER_TARIFF'>, priceId: string): TariffChangeFault {
  return { code, priceId };
}
