import { judgeBills, requested } from './bills.js';
import { fuzz } from './fuzz-run.js';
import { InProcessCsms } from './in-process.js';
import { isOutageLine } from './outages.js';
import type { FuzzOptions } from './options.js';
import { Progress } from './progress.js';
import { reportOf, type FuzzReport } from './report.js';
import { pilesOf } from './world.js';

/** Connection, router, handlers, sessions and the real PostgreSQL in this process; WebSocket and settlement are left out. */
export async function runInProcess(options: FuzzOptions): Promise<FuzzReport> {
  const complaints: string[] = [];
  const crashes: string[] = [];
  const crash = (what: string) => (error: unknown) => void crashes.push(`${what}: ${String(error)}`);
  process.on('unhandledRejection', crash('unhandledRejection')).on('uncaughtException', crash('uncaughtException'));
  const before = prototypeOf();
  const csms = await InProcessCsms.start(complaints);
  try {
    const piles = pilesOf(options);
    await csms.register(piles);
    const progress = new Progress(options.frames, process.stdout);
    const fuzzed = await fuzz(options, piles, csms.dial, csms.readHeap, progress);
    progress.end();
    const said = new Map([...fuzzed.runs].map(([id, run]) => [id, run.said]));
    const bills = judgeBills(await requested(csms.sql), fuzzed.honest, said);
    if (prototypeOf() !== before) crashes.push(`Object.prototype is now ${prototypeOf()}`);
    const outages = complaints.filter(isOutageLine).length;
    const health = {
      crashes: [...crashes, ...complaints.filter((line) => !isOutageLine(line))],
      violations: [],
      outages,
    };
    return reportOf(options, fuzzed, bills, health);
  } finally {
    await csms.end();
  }
}

function prototypeOf(): string {
  return JSON.stringify([Object.getOwnPropertyNames(Object.prototype), Object.getOwnPropertyNames(Array.prototype)]);
}
