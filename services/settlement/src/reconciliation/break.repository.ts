import type { BreakType } from '@tallywatt/contracts';
import type { PageRequest, Rows } from '../operations/paging.js';
import type { FoundBreak } from './found-break.js';

export type BreakState = 'open' | 'explained' | 'corrected' | 'accepted';

export interface BreakComment {
  readonly at: string;
  readonly by: string;
  readonly text: string;
}

export interface BreakRow {
  readonly breakId: string;
  readonly type: BreakType;
  readonly settlementId: string;
  readonly operatorId: string;
  readonly state: BreakState;
  readonly evidence: unknown;
  readonly job: unknown;
  readonly bill: unknown;
  readonly comments: readonly BreakComment[];
}

export interface BreakFilter {
  readonly type?: string | undefined;
  readonly state?: string | undefined;
}

/** What a person says about a break. */
export interface BreakDecision {
  readonly breakId: string;
  readonly state: Exclude<BreakState, 'open'>;
  readonly comment: string;
  readonly by: string;
}

/** Breaks, known by their content: a state and its comments outlive the run that found them. */
export abstract class BreakRepository {
  /** Stores what was found; `reconciliationId` null for the continuous run. @returns how many nobody knew before. */
  abstract save(reconciliationId: string | null, found: readonly FoundBreak[], nowMs: number): Promise<number>;
  /** Forgets what a run found so far: it starts over. */
  abstract clear(reconciliationId: string): Promise<void>;
  /** By session. */
  abstract ofRun(reconciliationId: string, filter: BreakFilter, page: PageRequest): Promise<Rows<BreakRow>>;
  abstract find(breakId: string): Promise<BreakRow | undefined>;
  abstract decide(decision: BreakDecision, nowMs: number): Promise<void>;
}
