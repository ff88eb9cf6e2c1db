import type { Operator } from './operators.js';

const MINUTES_PER_HOUR = 60;
/** A first version may start at any time; recorded sessions of earlier years must find a price. */
const VALID_FROM = '2015-01-01T00:00:00Z';

type Band = 'valley' | 'flat' | 'peak';

/** Electricity price of a band as a percentage of table 2's, which is the flat one; the service price does not move. */
const BAND_PERCENT: Readonly<Record<Band, number>> = { valley: 60, flat: 100, peak: 150 };

/** Time-of-use periods of a day, in local hours. */
const DAY: readonly { readonly fromHour: number; readonly toHour: number; readonly band: Band }[] = [
  { fromHour: 0, toHour: 7, band: 'valley' },
  { fromHour: 7, toHour: 10, band: 'flat' },
  { fromHour: 10, toHour: 12, band: 'peak' },
  { fromHour: 12, toHour: 18, band: 'flat' },
  { fromHour: 18, toHour: 21, band: 'peak' },
  { fromHour: 21, toHour: 23, band: 'flat' },
  { fromHour: 23, toHour: 24, band: 'valley' },
];

/** Body of `POST /v1/tariffs` for an operator's time-of-use tariff. */
export function timeOfUseTariff(operator: Operator) {
  return {
    tariffId: `${operator.operatorId}-TOU`,
    operatorId: operator.operatorId,
    prices: DAY.map(({ fromHour, toHour, band }, index) => ({
      priceId: `${operator.operatorId}-P${index + 1}-${band}`,
      fromMinute: fromHour * MINUTES_PER_HOUR,
      toMinute: toHour * MINUTES_PER_HOUR,
      validFrom: VALID_FROM,
      electricityPriceE4: (operator.electricityPriceE4 * BAND_PERCENT[band]) / 100,
      servicePriceE4: operator.servicePriceE4,
    })),
  };
}
