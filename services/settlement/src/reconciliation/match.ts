import type { BreakType } from '@tallywatt/contracts';
import { type BilledSession, isSuspect } from './billed-session.js';
import { contentFaults } from './content-check.js';
import { differences } from './differences.js';
import { priceEvidence } from './price-evidence.js';
import type { Bill, Evidence, Job, SessionCase } from './session-case.js';

/** finance.md section 2: the agreed time. */
export const LATE_AFTER_MS = 5 * 60_000;

/** Where a closed session is; exactly one place. `broken` = it has breaks. */
export type Place = 'matched' | 'inFlight' | 'quarantined' | 'broken';

export interface SessionTotal {
  readonly energyWh: bigint;
  readonly amountMinor: bigint;
}

/** What the match says about one session. */
export interface Match {
  readonly place: Place;
  /** Each type once, by name. */
  readonly breaks: readonly BreakType[];
  /** The bill that counts: the one not credited, else the last one that was. */
  readonly bill: Bill | undefined;
  readonly job: Job | undefined;
  /** A's amount, recomputed; null when it cannot be. */
  readonly evidenceMinor: bigint | null;
  /** A, B and C in the totals; undefined where there is nothing, or where it is held. */
  readonly evidenceTotal: SessionTotal | undefined;
  readonly jobTotal: SessionTotal | undefined;
  readonly billTotals: readonly SessionTotal[];
}

/** The three-way match of one session: pure, so that the same input gives the same answer at any time. */
export function matchSession(session: SessionCase, nowMs: number): Match {
  const valid = session.bills.filter((bill) => bill.kind !== 'creditNote');
  const open = valid.filter((bill) => bill.creditedBy === null);
  const bill = open[0] ?? valid.at(-1);
  const job = session.jobs.find((one) => one.settlementId === (bill?.billId ?? session.sessionId)) ?? mainJob(session);
  const evidenceMinor = priceEvidence(session.evidence, session.tariff);
  const view = { ...session, bill, job, evidenceMinor, isCredited: open.length === 0 };
  const breaks = new Set<BreakType>([
    ...(bill === undefined ? unbilled(session.evidence, mainJob(session), nowMs) : billed(view)),
    ...(open.length > 1 || (open.length > 0 && session.twins.length > 0) ? ['DUPLICATE_BILL' as const] : []),
  ]);
  const place = breaks.size > 0 ? 'broken' : bill === undefined ? waitingPlace(mainJob(session)) : 'matched';
  return {
    place,
    breaks: [...breaks].sort(),
    bill,
    job,
    evidenceMinor,
    evidenceTotal: place === 'quarantined' ? undefined : evidenceTotal(session.evidence, evidenceMinor),
    jobTotal: jobTotal(job),
    billTotals: open.map((one) => ({ energyWh: one.meterStopWh - one.meterStartWh, amountMinor: one.totalMinor })),
  };
}

function mainJob(session: SessionCase): Job | undefined {
  return session.jobs.find((job) => job.settlementId === session.sessionId);
}

/** A session without any bill: in flight, held, or broken at the step where it stopped. */
function unbilled(evidence: Evidence | undefined, job: Job | undefined, nowMs: number): BreakType[] {
  if (job === undefined) return evidence !== undefined && isOver(evidence.createdAtMs, nowMs) ? ['MISSING_JOB'] : [];
  const breaks: BreakType[] = evidence === undefined ? ['MISSING_SESSION'] : [];
  switch (job.state) {
    case 'quarantined':
    case 'dropped':
      return breaks;
    case 'pending':
    case 'prepared':
      return isOver(dueFrom(evidence, job), nowMs) ? [...breaks, 'LATE'] : breaks;
    case 'submitted':
      return isOver(dueFrom(evidence, job), nowMs) ? [...breaks, 'MISSING_BILL'] : breaks;
    case 'final':
      return [...breaks, 'MISSING_BILL'];
    case 'invalid':
      return [...breaks, 'INVALIDATED_TX'];
  }
}

function billed(session: BilledSession): BreakType[] {
  const { evidence, bill, job, isCredited } = session;
  if (bill === undefined) return [];
  const breaks: BreakType[] = [];
  if (evidence === undefined) breaks.push('MISSING_SESSION');
  // A bill whose job does not say "final" has no job that stands for it.
  else if (bill.kind !== 'replacement' && job?.state !== 'final') breaks.push('MISSING_JOB');
  if (isLate(session)) breaks.push('LATE');
  if (isCredited) return breaks;
  if (isSuspect(evidence, job)) breaks.push('SUSPECT_METER');
  return [...breaks, ...differences(session), ...contentFaults(session)];
}

function isLate({ evidence, bill, job }: BilledSession): boolean {
  if (bill === undefined || job === undefined || bill.billId !== job.settlementId) return false;
  return bill.finalAtMs - dueFrom(evidence, job) > LATE_AFTER_MS;
}

/** The agreed time runs from the facts on, and for a held session from its release. */
function dueFrom(evidence: Evidence | undefined, job: Job): number {
  return evidence === undefined || job.wasHeld || evidence.revision > job.factsRevision
    ? job.readyAtMs
    : evidence.createdAtMs;
}

function isOver(sinceMs: number, nowMs: number): boolean {
  return nowMs - sinceMs > LATE_AFTER_MS;
}

/** Dropped by a person's decision is not billed either: it stays with the held ones. */
function waitingPlace(job: Job | undefined): Place {
  return job?.state === 'quarantined' || job?.state === 'dropped' ? 'quarantined' : 'inFlight';
}

function evidenceTotal(evidence: Evidence | undefined, amountMinor: bigint | null): SessionTotal | undefined {
  if (evidence === undefined) return undefined;
  const energyWh = evidence.meterStopWh === null ? 0n : evidence.meterStopWh - evidence.meterStartWh;
  return { energyWh, amountMinor: amountMinor ?? 0n };
}

function jobTotal(job: Job | undefined): SessionTotal | undefined {
  if (job === undefined || job.state === 'quarantined' || job.state === 'dropped') return undefined;
  const energyWh = job.meterStopWh === null ? 0n : job.meterStopWh - job.meterStartWh;
  return { energyWh, amountMinor: job.totalMinor ?? 0n };
}
