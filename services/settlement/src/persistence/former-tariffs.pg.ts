import type { Tariff } from '@tallywatt/domain';
import type { Sql } from './database.js';
import { type PriceRow, priceOf } from './price-row.js';

/** Whole tariffs that the prices belong to. */
export async function tariffsOfPrices(sql: Sql, priceIds: readonly string[]): Promise<Tariff[]> {
  if (priceIds.length === 0) return [];
  const rows = await sql.rows<PriceRow & { readonly operator_id: string }>(
    `select price_id, tariff_id, operator_id, from_minute, to_minute, weekday_mask, valid_from_ms, valid_to_ms,
       electricity_price_e4, service_price_e4
     from settlement.price
     where tariff_id in (select tariff_id from settlement.price where price_id = any($1)) order by price_id`,
    [priceIds],
  );
  const tariffs = new Map<string, { tariffId: string; operatorId: string; prices: ReturnType<typeof priceOf>[] }>();
  for (const row of rows) {
    const tariff = tariffs.get(row.tariff_id) ?? { tariffId: row.tariff_id, operatorId: row.operator_id, prices: [] };
    tariff.prices.push(priceOf(row));
    tariffs.set(row.tariff_id, tariff);
  }
  return [...tariffs.values()];
}
