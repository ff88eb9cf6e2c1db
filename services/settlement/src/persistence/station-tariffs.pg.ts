import { type StationTariff, StationTariffSource } from '../pricing/tariff-book.js';
import type { Sql } from './database.js';
import { priceOf, type PriceRow } from './price-row.js';

interface Row {
  readonly station_id: string;
  readonly operator_id: string;
  readonly tariff_id: string;
  readonly offsets: readonly { readonly fromMs: number; readonly offsetMinutes: number }[];
}

export class PgStationTariffs extends StationTariffSource {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async stationTariffs(stationIds: readonly string[]): Promise<StationTariff[]> {
    const stations = await this.sql.rows<Row>(
      'select station_id, operator_id, tariff_id, offsets from settlement.station where station_id = any($1)',
      [stationIds],
    );
    const prices = await this.sql.rows<PriceRow>(
      `select price_id, tariff_id, from_minute, to_minute, weekday_mask, valid_from_ms, valid_to_ms, electricity_price_e4, service_price_e4
       from settlement.price where tariff_id = any($1) order by price_id`,
      [[...new Set(stations.map((station) => station.tariff_id))]],
    );
    return stations.map((station) => ({
      stationId: station.station_id,
      operatorId: station.operator_id,
      tariff: {
        tariffId: station.tariff_id,
        operatorId: station.operator_id,
        prices: prices.filter((price) => price.tariff_id === station.tariff_id).map(priceOf),
      },
      offsets: station.offsets,
    }));
  }
}
