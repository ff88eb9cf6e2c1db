/** What is under way, counted in the database when somebody asks. */
export interface Backlog {
  /** Settlements pending, prepared or submitted. */
  readonly waiting: number;
  /** When the oldest of them was claimed, epoch milliseconds. */
  readonly oldestMs: number | null;
  readonly transactionsInFlight: number;
  /** Settlements that wait for a person. */
  readonly invalid: number;
  readonly quarantined: number;
  /** Facts that the sweeper has not come to; jobs may have claimed them. */
  readonly factsWithoutRow: number;
}

export abstract class BacklogSource {
  abstract backlog(): Promise<Backlog>;
}
