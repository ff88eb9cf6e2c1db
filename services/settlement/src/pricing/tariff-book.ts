import type { OffsetTransition, Tariff } from '@tallywatt/domain';

/** How a station prices, as the ledger says it. */
export interface StationTariff {
  readonly stationId: string;
  readonly operatorId: string;
  readonly tariff: Tariff;
  /** UTC offsets of the station's zone. */
  readonly offsets: readonly OffsetTransition[];
}

/** The projection's stations with their tariffs. */
export abstract class StationTariffSource {
  /** Those of the stations that the ledger knows. */
  abstract stationTariffs(stationIds: readonly string[]): Promise<StationTariff[]>;
}

/** Station tariffs in memory; the block listener empties it when a block changed a station or a price. */
export class TariffBook {
  private known = new Map<string, StationTariff>();

  constructor(private readonly source: StationTariffSource) {}

  forget(): void {
    this.known = new Map();
  }

  /** Tariffs of the stations that the ledger knows; the others are missing in the answer. */
  async of(stationIds: readonly string[]): Promise<ReadonlyMap<string, StationTariff>> {
    const { known } = this;
    const missing = [...new Set(stationIds)].filter((stationId) => !known.has(stationId));
    if (missing.length > 0) {
      for (const station of await this.source.stationTariffs(missing)) known.set(station.stationId, station);
    }
    return known;
  }
}
