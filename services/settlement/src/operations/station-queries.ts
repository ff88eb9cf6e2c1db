import type { OffsetTransition } from '@tallywatt/domain';
import type { PageRequest, Rows } from './paging.js';

export interface StationRow {
  readonly stationId: string;
  readonly operatorId: string;
  readonly name: string;
  readonly peerNode: string;
  readonly tariffId: string;
  readonly latitudeE6: number;
  readonly longitudeE6: number;
  readonly offsets: readonly OffsetTransition[];
  readonly piles: readonly { readonly type: string; readonly count: number }[];
  readonly evaluationE6: number;
  readonly ratingCount: number;
  readonly balanceMinor: bigint;
}

/** What a pay-out may draw on, and the oldest credits that are not part of it yet, as FoldAccount takes them. */
export interface Folding {
  readonly foldedMinor: bigint;
  readonly deltaKeys: readonly string[];
}

/** Stations of every operator, as the projection has them. */
export abstract class StationQueries {
  abstract station(stationId: string): Promise<StationRow | undefined>;
  /** By station id. */
  abstract stations(operatorId: string | undefined, page: PageRequest): Promise<Rows<StationRow>>;
  /** All stations between two latitudes, 1e-6 degrees. */
  abstract stationsBetween(southE6: number, northE6: number): Promise<StationRow[]>;
  abstract folding(stationId: string, limit: number): Promise<Folding>;
}
