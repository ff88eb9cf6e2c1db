/** How far the projection is, and the running sums of the conservation rule. */
export interface ProjectionStatus {
  /** The last projected block; -1 before the first. */
  readonly projectedBlock: number;
  readonly lastBlockAt: Date | null;
  readonly evBalancesMinor: bigint;
  readonly stationBalancesMinor: bigint;
  readonly depositsMinor: bigint;
  readonly payOutsMinor: bigint;
  readonly refundsMinor: bigint;
}

export abstract class LedgerStatusQueries {
  abstract status(): Promise<ProjectionStatus>;
}
