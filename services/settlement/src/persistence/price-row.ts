import type { Price } from '@tallywatt/domain';

/** One row of settlement.price. */
export interface PriceRow {
  readonly price_id: string;
  readonly tariff_id: string;
  readonly from_minute: number;
  readonly to_minute: number;
  readonly weekday_mask: number;
  readonly valid_from_ms: string;
  readonly valid_to_ms: string | null;
  readonly electricity_price_e4: string;
  readonly service_price_e4: string;
}

export function priceOf(row: PriceRow): Price {
  return {
    priceId: row.price_id,
    fromMinute: row.from_minute,
    toMinute: row.to_minute,
    weekdayMask: row.weekday_mask,
    validFromMs: Number(row.valid_from_ms),
    validToMs: row.valid_to_ms === null ? null : Number(row.valid_to_ms),
    electricityPriceE4: BigInt(row.electricity_price_e4),
    servicePriceE4: BigInt(row.service_price_e4),
  };
}
