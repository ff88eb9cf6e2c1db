import type { Bill, Evidence, Job, SessionCase } from './session-case.js';

/** A session with its bill: what the comparison looks at. */
export interface BilledSession {
  readonly evidence: Evidence | undefined;
  readonly tariff: SessionCase['tariff'];
  readonly bill: Bill | undefined;
  readonly job: Job | undefined;
  /** A's amount, recomputed; null when it cannot be. */
  readonly evidenceMinor: bigint | null;
  /** Every bill was taken back: there is nothing left that could differ. */
  readonly isCredited: boolean;
}

/** New evidence came after billing and is not credible; held evidence that was released is not new. */
export function isSuspect(evidence: Evidence | undefined, job: Job | undefined): boolean {
  if (evidence === undefined || evidence.holdReason === null || job === undefined) return false;
  return evidence.revision > job.factsRevision;
}
