import type { Price } from '@tallywatt/domain';
import type { PageRequest, Rows } from './paging.js';

export interface TariffRow {
  readonly tariffId: string;
  readonly operatorId: string;
  readonly prices: readonly Price[];
}

/** Tariffs with all their prices, as the projection has them. */
export abstract class TariffQueries {
  abstract tariff(tariffId: string): Promise<TariffRow | undefined>;
  /** By tariff id. */
  abstract tariffs(operatorId: string | undefined, page: PageRequest): Promise<Rows<TariffRow>>;
}
