import { positional, smallInteger } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `T~priceId`: one price of a tariff. Minutes are local to the station; bit 0 of the mask is Monday. */
export interface PriceRecord {
  readonly priceId: string;
  readonly tariffId: string;
  readonly operatorId: string;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly weekdayMask: number;
  readonly validFromMs: number;
  readonly validToMs: number | null;
  readonly electricityPriceE4: bigint;
  readonly servicePriceE4: bigint;
}

export const priceRecord = positional<PriceRecord>({
  type: STATE_TYPES.price,
  version: 1,
  keyParts: (price) => [price.priceId],
  toRow: (price) => [
    price.tariffId,
    price.operatorId,
    price.fromMinute,
    price.toMinute,
    price.weekdayMask,
    price.validFromMs,
    price.validToMs,
    smallInteger(price.electricityPriceE4),
    smallInteger(price.servicePriceE4),
  ],
  fromRow: (key, row) => ({
    priceId: key.part(),
    tariffId: row.text(),
    operatorId: row.text(),
    fromMinute: row.integer(),
    toMinute: row.integer(),
    weekdayMask: row.integer(),
    validFromMs: row.integer(),
    validToMs: row.integerOrNull(),
    electricityPriceE4: row.bigint(),
    servicePriceE4: row.bigint(),
  }),
});
