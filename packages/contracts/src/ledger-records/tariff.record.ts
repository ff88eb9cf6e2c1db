import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `H~tariffId`: whose tariff it is and which prices it ever had, so that a change is checked against all of them. */
export interface TariffRecord {
  readonly tariffId: string;
  readonly operatorId: string;
  /** Sorted. */
  readonly priceIds: readonly string[];
}

export const tariffRecord = positional<TariffRecord>({
  type: STATE_TYPES.tariff,
  version: 1,
  keyParts: (tariff) => [tariff.tariffId],
  toRow: (tariff) => [tariff.operatorId, [...tariff.priceIds]],
  fromRow: (key, row) => ({
    tariffId: key.part(),
    operatorId: row.text(),
    priceIds: row.inner((inner) => inner.text()),
  }),
});
