import { PRICE_E4_MAX } from './money.js';
import type { Price, Tariff } from './tariff.js';
import { EVERY_DAY } from './tariff.js';
import { MINUTES_PER_DAY, TIME_MS_MAX } from './time.js';

/** A tariff is one ledger record per price and read whole by every operator. */
export const PRICES_MAX = 200;

export type PriceFaultCode = 'DUPLICATE_PRICE' | 'MINUTES' | 'WEEKDAYS' | 'VALIDITY' | 'PRICE_RANGE';

export type TariffFault =
  | { readonly code: 'NO_PRICES' | 'TOO_MANY_PRICES' }
  | { readonly code: PriceFaultCode; readonly priceId: string }
  /** From an instant on, on a weekday (0 is Monday), a local minute has two prices or none. */
  | {
      readonly code: 'OVERLAP' | 'GAP';
      readonly fromMs: number;
      readonly weekday: number;
      readonly minute: number;
    };

/**
 * Everything wrong with a tariff; empty when each local minute of each weekday has exactly one price, from the first
 * validFrom on until the tariff's end. A tariff may end, with all its prices at once; it may not pause.
 */
export function checkTariff({ prices }: Tariff): readonly TariffFault[] {
  if (prices.length === 0) return [{ code: 'NO_PRICES' }];
  if (prices.length > PRICES_MAX) return [{ code: 'TOO_MANY_PRICES' }];
  const faults = [...duplicates(prices), ...prices.flatMap(priceFaults)];
  // Prices that are broken by themselves would only produce more findings about the week.
  return faults.length > 0 ? faults : coverageFaults(prices);
}

function duplicates(prices: readonly Price[]): readonly TariffFault[] {
  const seen = new Set<string>();
  return prices.flatMap(({ priceId }) => {
    const isSecond = seen.has(priceId);
    seen.add(priceId);
    return isSecond ? [{ code: 'DUPLICATE_PRICE', priceId } as const] : [];
  });
}

function priceFaults(price: Price): readonly TariffFault[] {
  const checks: readonly (readonly [PriceFaultCode, boolean])[] = [
    ['MINUTES', hasMinutes(price)],
    ['WEEKDAYS', Number.isInteger(price.weekdayMask) && price.weekdayMask >= 1 && price.weekdayMask <= EVERY_DAY],
    ['VALIDITY', hasValidity(price)],
    ['PRICE_RANGE', isPriceE4(price.electricityPriceE4) && isPriceE4(price.servicePriceE4)],
  ];
  return checks.filter(([, isGood]) => !isGood).map(([code]) => ({ code, priceId: price.priceId }));
}

function hasMinutes({ fromMinute, toMinute }: Price): boolean {
  if (!Number.isInteger(fromMinute) || !Number.isInteger(toMinute)) return false;
  return fromMinute >= 0 && fromMinute < toMinute && toMinute <= MINUTES_PER_DAY;
}

/** Starts may lie before the year 2000: a first version may start at any time. */
function hasValidity({ validFromMs, validToMs }: Price): boolean {
  if (!Number.isSafeInteger(validFromMs) || validFromMs > TIME_MS_MAX) return false;
  return validToMs === null || (Number.isSafeInteger(validToMs) && validToMs > validFromMs && validToMs <= TIME_MS_MAX);
}

function isPriceE4(priceE4: bigint): boolean {
  return priceE4 >= 0n && priceE4 <= PRICE_E4_MAX;
}

/** Between two neighbouring starts or ends of validity the same prices are in force: one week stands for all of them. */
function coverageFaults(prices: readonly Price[]): readonly TariffFault[] {
  const cuts = new Set(prices.flatMap(({ validFromMs, validToMs }) => [validFromMs, validToMs ?? validFromMs]));
  const lastEndMs = Math.max(...prices.map(({ validToMs }) => validToMs ?? Number.POSITIVE_INFINITY));
  return [...cuts]
    .filter((cutMs) => cutMs < lastEndMs)
    .toSorted((a, b) => a - b)
    .flatMap((cutMs) =>
      weekFaults(
        cutMs,
        prices.filter((price) => isValidAt(price, cutMs)),
      ),
    );
}

function isValidAt({ validFromMs, validToMs }: Price, ms: number): boolean {
  return validFromMs <= ms && (validToMs === null || ms < validToMs);
}

function weekFaults(fromMs: number, prices: readonly Price[]): readonly TariffFault[] {
  const sorted = prices.toSorted((a, b) => a.fromMinute - b.fromMinute);
  return [0, 1, 2, 3, 4, 5, 6].flatMap((weekday) =>
    dayFaults(sorted.filter(({ weekdayMask }) => ((weekdayMask >> weekday) & 1) === 1)).map((fault) => ({
      ...fault,
      fromMs,
      weekday,
    })),
  );
}

/** @param prices of one day, ascending by fromMinute */
function dayFaults(prices: readonly Price[]): readonly { readonly code: 'OVERLAP' | 'GAP'; readonly minute: number }[] {
  const faults: { code: 'OVERLAP' | 'GAP'; minute: number }[] = [];
  let coveredTo = 0;
  for (const { fromMinute, toMinute } of prices) {
    if (fromMinute < coveredTo) faults.push({ code: 'OVERLAP', minute: fromMinute });
    if (fromMinute > coveredTo) faults.push({ code: 'GAP', minute: coveredTo });
    coveredTo = Math.max(coveredTo, toMinute);
  }
  if (coveredTo < MINUTES_PER_DAY) faults.push({ code: 'GAP', minute: coveredTo });
  return faults;
}
