import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Clock } from '../clock.js';
import { operatorsOf, readCredentials } from '../credentials.js';
import { type Output, startProgress } from '../progress.js';
import { Registry } from '../registry.js';
import { readMapping } from './mapping.js';
import { type Plan, planReplay } from './plan.js';
import { play } from './play.js';
import { type CpuSeconds, cpuMsPerSession, ownCpuSeconds, readCpuSeconds } from './process-cpu.js';
import { readRecording } from './recording.js';
import { registerReplay } from './registration.js';
import {
  type Account,
  type Played,
  type ReplayFigures,
  accountForRows,
  classesCsv,
  countClasses,
  tableLines,
} from './report.js';
import { ReplayedSessions } from './settled.js';

export interface ReplayOptions {
  readonly file: string;
  readonly mapping: string;
  readonly credentials: string;
  readonly seed: number;
  readonly json?: string;
  readonly classes?: string;
  readonly inFlight?: number;
}

interface Measured {
  readonly seconds: number;
  readonly playSeconds: number;
  readonly cpuMsPerSession: Readonly<Record<string, number>>;
  readonly rssMaxBytes: number;
}

/**
 * Plays a recording against a running central system and accounts for every row.
 * Returns the exit code: 0 only when every row has its class and every session its row.
 */
export async function replay(options: ReplayOptions, output: Output, clock: Clock): Promise<number> {
  const credentials = readCredentials(options.credentials);
  const mapping = readMapping(options.mapping);
  const text = readFileSync(options.file, 'utf8');
  const recording = readRecording(text, mapping);
  const plan = planReplay(recording.rows, operatorsOf(credentials), mapping.registerStartWh);
  output.write(
    `${mapping.name}: ${recording.rows.length} rows, ${plan.piles.length} charge points, ${plan.users.length} users\n`,
  );

  const fileId = createHash('sha256').update(text).digest('hex').slice(0, 12);
  const registry = new Registry(credentials, clock);
  const passwords = await registerReplay(plan, mapping, fileId, registry);
  const sessions = new ReplayedSessions(credentials, [...new Set(plan.piles.map((pile) => pile.stationId))], clock);
  const sessionsBefore = await sessions.count();
  output.write(createdLine(registry));

  const { played, measured } = await playAndMeasure(
    plan,
    passwords,
    sessions,
    { ...options, ...credentials },
    output,
    clock,
  );
  const all = await sessions.all();
  const account = accountForRows(recording.rows, recording.unreadable, played, all);
  const figures = figuresOf(account, registry, all.length - sessionsBefore, measured);
  publish(figures, account, options, output);
  return figures.unaccounted === 0 && figures.unexpectedSessions === 0 ? 0 : 1;
}

async function playAndMeasure(
  plan: Plan,
  passwords: ReadonlyMap<string, string>,
  sessions: ReplayedSessions,
  options: ReplayOptions & { readonly api: string; readonly ocpp: string },
  output: Output,
  clock: Clock,
): Promise<{ played: Played; measured: Measured }> {
  const cpuBefore = await cpuSeconds(options.api);
  const startedMs = performance.now();
  const progress = startProgress('rows', plan.sessions.length, output, clock);
  let rssMaxBytes = 0;
  const played = await play(plan, {
    endpoint: options.ocpp,
    passwords,
    seed: options.seed,
    clock,
    ...(options.inFlight === undefined ? {} : { inFlightMax: options.inFlight }),
    onPlayed: (done) => {
      progress.update(done);
      if (done % 500 === 0) rssMaxBytes = Math.max(rssMaxBytes, process.memoryUsage.rss());
    },
  });
  progress.end();
  const playSeconds = secondsSince(startedMs);
  const moving = await sessions.waitUntilSettled((count) =>
    output.write(count === 0 ? '' : `  settling: ${count} sessions\n`),
  );
  if (moving > 0) output.write(`  ${moving} sessions have stopped moving without an outcome\n`);
  const seconds = secondsSince(startedMs);
  const cpu = cpuMsPerSession(cpuBefore, await cpuSeconds(options.api), plan.sessions.length);
  return { played, measured: { seconds, playSeconds, cpuMsPerSession: cpu, rssMaxBytes } };
}

function figuresOf(account: Account, registry: Registry, newSessions: number, measured: Measured): ReplayFigures {
  const counts = countClasses(account);
  return {
    ...counts,
    unexpectedSessions: account.unexpectedSessions,
    created: { ...registry.created, sessions: newSessions },
    ...measured,
    sessionsPerSecond: Math.round((counts.rows * 10) / Math.max(0.001, measured.seconds)) / 10,
  };
}

function publish(figures: ReplayFigures, account: Account, options: ReplayOptions, output: Output): void {
  output.write(`${tableLines(figures).join('\n')}\n`);
  const cpu = Object.entries(figures.cpuMsPerSession).map(([name, ms]) => `${name} ${ms}`);
  output.write(
    `  ${figures.sessionsPerSecond} sessions/s from first frame to final (${figures.seconds} s, frames ${figures.playSeconds} s); ` +
      `CPU-ms per session: ${cpu.join(', ')}; ${figures.created.sessions} new sessions\n`,
  );
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  if (options.classes !== undefined) writeFileSync(options.classes, classesCsv(account));
}

async function cpuSeconds(apiUrl: string): Promise<CpuSeconds> {
  return new Map([...ownCpuSeconds(), ...(await readCpuSeconds(apiUrl))]);
}

function createdLine({ created }: Registry): string {
  const { stations, chargePoints, accounts } = created;
  return `registered ${stations} stations, ${chargePoints} charge points, ${accounts} accounts; the rest was there\n`;
}

function secondsSince(startedMs: number): number {
  return Math.round(performance.now() - startedMs) / 1000;
}
