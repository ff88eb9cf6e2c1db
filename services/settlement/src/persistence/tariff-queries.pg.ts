import type { Price } from '@tallywatt/domain';
import { decodeCursor } from '../operations/page-cursor.js';
import type { PageRequest, Rows } from '../operations/paging.js';
import { TariffQueries, type TariffRow } from '../operations/tariff-queries.js';
import type { Sql } from './database.js';
import { type PriceRow, priceOf } from './price-row.js';
import { SqlFilter } from './sql-filter.js';
import { readPage } from './sql-pages.js';

interface Row {
  readonly tariff_id: string;
  readonly operator_id: string;
}

export class PgTariffQueries extends TariffQueries {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async tariff(tariffId: string): Promise<TariffRow | undefined> {
    const rows = await this.sql.rows<Row>('select tariff_id, operator_id from settlement.tariff where tariff_id = $1', [
      tariffId,
    ]);
    const [tariff] = await this.withPrices(rows);
    return tariff;
  }

  override async tariffs(operatorId: string | undefined, page: PageRequest): Promise<Rows<TariffRow>> {
    const { rows, ...rest } = await readPage<Row>(this.sql, {
      select: 'tariff_id, operator_id',
      from: 'settlement.tariff',
      filter: new SqlFilter().addIf('operator_id = ?', operatorId),
      order: ['tariff_id'],
      direction: 'asc',
      after: { key: decodeCursor(page.cursor, 1), casts: ['text'] },
      limit: page.limit,
      count: page.count === true,
    });
    return { rows: await this.withPrices(rows), ...rest };
  }

  private async withPrices(tariffs: readonly Row[]): Promise<TariffRow[]> {
    const prices = await this.sql.rows<PriceRow>(
      `select price_id, tariff_id, from_minute, to_minute, weekday_mask, valid_from_ms, valid_to_ms,
         electricity_price_e4, service_price_e4
       from settlement.price where tariff_id = any($1) order by valid_from_ms, from_minute, price_id`,
      [tariffs.map((tariff) => tariff.tariff_id)],
    );
    const byTariff = new Map<string, Price[]>(tariffs.map((tariff) => [tariff.tariff_id, []]));
    for (const price of prices) byTariff.get(price.tariff_id)?.push(priceOf(price));
    return tariffs.map((tariff) => ({
      tariffId: tariff.tariff_id,
      operatorId: tariff.operator_id,
      prices: byTariff.get(tariff.tariff_id) ?? [],
    }));
  }
}
