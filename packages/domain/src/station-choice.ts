/** What the order of stations depends on. */
export interface RankedStation {
  readonly stationId: string;
  /** R_cs in 1e-6 of a level. */
  readonly evaluationE6: number;
  readonly distanceM: number;
}

/** Best evaluation first, then the nearest, then by id so that two runs never differ. The argument is not changed. */
export function rankStations<S extends RankedStation>(stations: readonly S[]): readonly S[] {
  return stations.toSorted(
    (a, b) => b.evaluationE6 - a.evaluationE6 || a.distanceM - b.distanceM || byId(a.stationId, b.stationId),
  );
}

/** By code units: a locale's order could differ between runtimes. */
function byId(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
