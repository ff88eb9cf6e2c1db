import { writeFileSync } from 'node:fs';
import type { Fault } from './answer-book.js';
import type { BillVerdict } from './bills.js';
import type { Fuzzed } from './fuzz-run.js';
import { OUTAGES_MAX } from './outages.js';
import type { FuzzOptions } from './options.js';

/** reliability.md B10. */
export const HEAP_GROWTH_BYTES_MAX = 50 * 1024 * 1024;

/** What is known of the process that was fuzzed, besides its answers. */
export interface Health {
  /** Restarts, uncaught errors, complaints in its log, a changed `Object.prototype`. */
  readonly crashes: readonly string[];
  /** Of the chain and the tables; empty where no settlement ran. */
  readonly violations: readonly string[];
  /** Times that the database did not answer in time. */
  readonly outages: number;
}

/** Shape of the `--json` file. */
export interface FuzzReport {
  readonly mode: FuzzOptions['mode'];
  readonly seed: number;
  readonly frames: number;
  readonly seconds: number;
  readonly connections: number;
  readonly crashes: readonly string[];
  readonly violations: readonly string[];
  readonly outages: number;
  readonly heapGrowthBytes: number;
  readonly heapEndBytes: number;
  readonly honestSessions: number;
  readonly billsRight: number;
  readonly billsCredible: number;
  readonly billsWrong: readonly string[];
  readonly faultCount: number;
  readonly faults: readonly Fault[];
  readonly held: boolean;
}

export function reportOf(options: FuzzOptions, fuzzed: Fuzzed, bills: BillVerdict, health: Health): FuzzReport {
  const isHeld =
    fuzzed.faultCount === 0 &&
    health.crashes.length + health.violations.length + bills.wrong.length === 0 &&
    health.outages <= OUTAGES_MAX &&
    fuzzed.heap.growthBytes < HEAP_GROWTH_BYTES_MAX &&
    // Where nothing was to be billed, nothing was shown.
    bills.right > 0 &&
    bills.right === fuzzed.honest.length;
  return {
    mode: options.mode,
    seed: options.seed,
    frames: fuzzed.frames,
    seconds: Math.round(fuzzed.seconds * 10) / 10,
    connections: fuzzed.connections,
    crashes: health.crashes,
    violations: health.violations,
    outages: health.outages,
    heapGrowthBytes: fuzzed.heap.growthBytes,
    heapEndBytes: fuzzed.heap.endBytes,
    honestSessions: fuzzed.honest.length,
    billsRight: bills.right,
    billsCredible: bills.credible,
    billsWrong: bills.wrong,
    faultCount: fuzzed.faultCount,
    faults: fuzzed.faults,
    held: isHeld,
  };
}

const SHOWN_MAX = 10;
const megabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;

/** As a person reads it; the seed stands last, a run that failed replays from it. */
export function linesOf(report: FuzzReport): readonly string[] {
  const { frames, seconds, connections, heapGrowthBytes, heapEndBytes, billsRight, honestSessions, billsCredible } =
    report;
  const broken = [
    ...report.faults.map(({ what, frame }) => `${what}\n    ${frame.replaceAll('\n', '\n    ')}`),
    ...report.crashes,
    ...report.violations,
    ...report.billsWrong,
  ];
  return [
    ...broken.slice(0, SHOWN_MAX).map((line) => `broken: ${line}`),
    ...(broken.length > SHOWN_MAX ? [`… and ${broken.length - SHOWN_MAX} more (see --json)`] : []),
    `${frames} frames in ${seconds} s (${Math.round(frames / Math.max(seconds, 1))}/s) over ${connections} connections: ${report.faultCount} faults, ${report.crashes.length} crashes, ${report.outages} outages`,
    `heap ${megabytes(heapEndBytes)}, grown by ${megabytes(heapGrowthBytes)} (at most ${megabytes(HEAP_GROWTH_BYTES_MAX)})`,
    `bills: ${billsRight} of ${honestSessions} honest sessions exactly right, ${billsCredible} of credible fuzz, ${report.billsWrong.length} wrong`,
    `${report.held ? 'held' : 'BROKEN'}: ${report.mode}, seed ${report.seed}`,
  ];
}

export function publish(report: FuzzReport, jsonFile: string | undefined): void {
  for (const line of linesOf(report)) process.stdout.write(`${line}\n`);
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`);
}
