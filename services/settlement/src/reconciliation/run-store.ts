import type { RunResult } from './run-result.js';
import type { AsOf, Period } from './session-source.js';

/** One run of the match over a period. */
export interface Run extends Period {
  readonly reconciliationId: string;
  readonly asOf: AsOf;
  /** null while it is running. */
  readonly result: RunResult | null;
}

/** The runs, as resources. */
export abstract class RunStore {
  abstract create(run: Omit<Run, 'result'>, requestedBy: string, nowMs: number): Promise<void>;
  abstract run(reconciliationId: string): Promise<Run | undefined>;
  /** The instant that the last run of the same input looked at, so that a rerun looks at the same one. */
  abstract lastAsOfMs(period: Period, block: number): Promise<number | undefined>;
  /** Runs that have no result yet, oldest first. */
  abstract running(): Promise<Run[]>;
  abstract done(reconciliationId: string, result: RunResult, nowMs: number): Promise<void>;
  /** Up to which block the continuous run has matched every bill: the first one that it has not. */
  abstract mark(): Promise<number>;
  abstract moveMark(nextBlock: number, nowMs: number): Promise<void>;
}
