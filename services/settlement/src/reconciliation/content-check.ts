import { createHash } from 'node:crypto';
import { type BreakType, settleItemContent } from '@tallywatt/contracts';
import { feeMinor, priceIntervals } from '@tallywatt/domain';
import type { BilledSession } from './billed-session.js';
import type { Bill, Evidence, Job, JobLine } from './session-case.js';

/** Whether the bill is true in itself: its sums, its prices, the hash of what was settled. */
export function contentFaults({ evidence, tariff, bill, job }: BilledSession): BreakType[] {
  if (bill === undefined) return [];
  const faults: BreakType[] = [];
  if (sumOf(bill.lines) !== bill.meterStopWh - bill.meterStartWh) faults.push('ENERGY_DIFF');
  if (feesOf(bill) !== bill.totalMinor) faults.push('AMOUNT_DIFF');
  if (!hasValidPrices(bill, tariff) || !sameIntervals(bill, job)) faults.push('TARIFF_VERSION_DIFF');
  if (!hasItsContent(bill, job, evidence) || !hasSameEvidence(job, evidence)) faults.push('HASH_MISMATCH');
  return faults;
}

function sumOf(lines: readonly JobLine[]): bigint {
  return lines.reduce((sum, line) => sum + BigInt(line.energyWh), 0n);
}

/** Recomputed from the prices of the lines, not read from the stored fees. */
function feesOf(bill: Bill): bigint {
  return bill.lines.reduce((sum, { electricityPriceE4, servicePriceE4, energyWh }) => {
    const energy = BigInt(energyWh);
    return sum + feeMinor(BigInt(electricityPriceE4), energy) + feeMinor(BigInt(servicePriceE4), energy);
  }, 0n);
}

/** Each line's price is the one in force in its interval, by the station's tariff and clock. */
function hasValidPrices(bill: Bill, station: BilledSession['tariff']): boolean {
  if (station === undefined) return false;
  const expected = priceIntervals(station.tariff, station.offsets, bill.startMs, bill.endMs);
  return expected.ok && intervalsOf(expected.value) === intervalsOf(bill.lines);
}

/** Where times differ, that is the break; the intervals follow from it. */
function sameIntervals(bill: Bill, job: Job | undefined): boolean {
  if (job === undefined || job.lines === null || job.startMs !== bill.startMs || job.endMs !== bill.endMs) return true;
  return intervalsOf(job.lines) === intervalsOf(bill.lines);
}

function intervalsOf(lines: readonly Pick<JobLine, 'priceId' | 'fromMs' | 'toMs'>[]): string {
  return lines.map(({ priceId, fromMs, toMs }) => `${priceId} ${fromMs} ${toMs}`).join('\n');
}

/** The ledger keeps one hash over everything that was settled: what is shown must still be that. */
function hasItsContent(bill: Bill, job: Job | undefined, evidence: Evidence | undefined): boolean {
  const evidenceSha256 = job?.evidenceSha256 ?? evidence?.evidenceSha256;
  // Nobody is left who knows the evidence: the session is missing, which is a break of its own.
  return evidenceSha256 === undefined || contentHashOf(bill, evidenceSha256) === bill.contentHash;
}

/** SHA-256 (base64url) of a bill's settled content, as the contract computed it. */
export function contentHashOf(bill: Bill, evidenceSha256: string): string {
  const text = settleItemContent({
    settlementId: bill.billId,
    evId: bill.evId,
    stationId: bill.stationId,
    startMs: bill.startMs,
    endMs: bill.endMs,
    meterStartWh: bill.meterStartWh.toString(),
    meterStopWh: bill.meterStopWh.toString(),
    lines: bill.lines,
    totalMinor: bill.totalMinor.toString(),
    evidenceSha256,
    ...(bill.kind === 'replacement' ? { replaces: bill.refersTo } : {}),
  });
  return createHash('sha256').update(text, 'utf8').digest('base64url');
}

/** The same revision of the facts has the same frames behind it, for good. */
function hasSameEvidence(job: Job | undefined, evidence: Evidence | undefined): boolean {
  if (job === undefined || evidence === undefined || evidence.revision !== job.factsRevision) return true;
  return job.evidenceSha256 === evidence.evidenceSha256;
}
