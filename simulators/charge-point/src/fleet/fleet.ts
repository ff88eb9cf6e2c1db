import { writeFileSync } from 'node:fs';
import type { CredentialsFile } from '@tallywatt/contracts';
import { ChargePoint } from '../charge-point.js';
import type { Clock } from '../clock.js';
import { forEachConcurrently } from '../concurrency.js';
import { operatorsOf, readCredentials } from '../credentials.js';
import { FaultyLink, randomFaults } from '../faults.js';
import { OcppClient } from '../ocpp-client.js';
import type { PileLink } from '../pile-link.js';
import { type Output, startProgress } from '../progress.js';
import { Registry } from '../registry.js';
import { cpuMsPerSession, ownCpuSeconds, readCpuSeconds } from '../replay/process-cpu.js';
import { Rng } from '../rng.js';
import { RoundTrips, timedLink } from './timed-link.js';

/** One process, one core: ocpp.md's goal for a process of the central system. */
export const PILES_MAX = 10_000;
const REQUESTS_AT_ONCE = 32;
/** Connections opened at once: a fleet that returns from an outage is another command's business. */
const CONNECTS_AT_ONCE = 64;
/** Open sessions per account: so many piles share a driver. */
const PILES_PER_DRIVER = 16;
const RATED_POWER_W = 150_000;
const DEPOSIT_MINOR_PER_SESSION = 20_000n;
const REGISTER_WH = { low: 1000, high: 5_000_000 };
const PERCENTILES = [50, 99, 100];

export interface FleetOptions {
  readonly credentials: string;
  readonly seed: number;
  readonly json?: string;
  readonly piles: number;
  /** Sessions of each pile, one after the other. */
  readonly sessions: number;
  readonly sessionSeconds: number;
  /** Probability that a call suffers a fault. */
  readonly faults: number;
}

interface Counts {
  finished: number;
  refused: number;
  energyWh: number;
  readonly faults: Record<string, number>;
}

/** Many piles in one process, in real time. Exit code 0 when every session came to its end. */
export async function fleet(options: FleetOptions, output: Output, clock: Clock): Promise<number> {
  if (options.piles > PILES_MAX) throw new Error(`at most ${PILES_MAX} piles in one process`);
  const credentials = readCredentials(options.credentials);
  const members = membersOf(options, operatorsOf(credentials));
  const passwords = await register(members, options, new Registry(credentials, clock));
  output.write(`fleet: ${members.length} piles registered\n`);

  const roundTrips = new RoundTrips();
  const counts: Counts = { finished: 0, refused: 0, energyWh: 0, faults: {} };
  const expected = options.piles * options.sessions;
  const progress = startProgress('sessions', expected, output, clock);
  const cpuBefore = await cpu(credentials);
  const startedMs = performance.now();
  await forEachConcurrently(members, PILES_MAX, async (member, index) => {
    // Spread over the first second per wave, so that the connections do not arrive as one.
    await clock.sleep(Math.floor(index / CONNECTS_AT_ONCE) * 100);
    await runMember(member, passwords.get(member.pileId) ?? '', {
      options,
      credentials,
      clock,
      roundTrips,
      counts,
      onDone: () => progress.update(counts.finished),
    });
  });
  progress.end();
  const seconds = Math.round(performance.now() - startedMs) / 1000;
  const figures = figuresOf(
    options,
    counts,
    roundTrips,
    seconds,
    cpuMsPerSession(cpuBefore, await cpu(credentials), expected),
  );
  output.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(figures, null, 2)}\n`);
  return counts.finished + counts.refused === expected ? 0 : 1;
}

interface Member {
  readonly pileId: string;
  readonly operatorId: string;
  readonly evId: string;
}

function membersOf({ piles }: FleetOptions, operators: readonly string[]): Member[] {
  return Array.from({ length: piles }, (_none, index) => ({
    pileId: `FLEET-${String(index + 1).padStart(5, '0')}`,
    operatorId: operators[index % operators.length] ?? '',
    evId: `FLEET-EV-${String(Math.floor(index / PILES_PER_DRIVER) + 1).padStart(4, '0')}`,
  }));
}

async function register(
  members: readonly Member[],
  options: FleetOptions,
  registry: Registry,
): Promise<ReadonlyMap<string, string>> {
  const passwords = new Map<string, string>();
  for (const operatorId of new Set(members.map((member) => member.operatorId)))
    await registry.ensureStation(stationOf(operatorId));
  const drivers = [...new Map(members.map((member) => [member.evId, member])).values()];
  await forEachConcurrently(drivers, REQUESTS_AT_ONCE, async ({ evId, operatorId }) => {
    await registry.ensureAccount({
      evId,
      operatorId,
      idTags: [{ idTag: evId }],
      maxConcurrentSessions: PILES_PER_DRIVER,
    });
    const amountMinor = DEPOSIT_MINOR_PER_SESSION * BigInt(PILES_PER_DRIVER * options.sessions);
    await registry.deposit({ evId, operatorId }, amountMinor, `fleet-${options.seed}-${evId}`);
  });
  await forEachConcurrently(members, REQUESTS_AT_ONCE, async ({ pileId, operatorId }) => {
    const connectors = [{ connectorId: 1, ratedPowerW: RATED_POWER_W, type: 'DC' }];
    const { password } = await registry.ensurePile({
      id: pileId,
      operatorId,
      stationId: `FLEET-${operatorId}`,
      connectors,
      simulated: true,
    });
    passwords.set(pileId, password);
  });
  return passwords;
}

function stationOf(operatorId: string) {
  return {
    stationId: `FLEET-${operatorId}`,
    operatorId,
    name: `Fleet of ${operatorId}`,
    peerNode: 'fleet',
    tariffId: `${operatorId}-TOU`,
    timeZone: 'Asia/Shanghai',
    latitudeE6: 39_100_000,
    longitudeE6: 117_200_000,
    piles: [{ type: 'DC', count: 1000 }],
  };
}

interface MemberRun {
  readonly options: FleetOptions;
  readonly credentials: CredentialsFile;
  readonly clock: Clock;
  readonly roundTrips: RoundTrips;
  readonly counts: Counts;
  readonly onDone: () => void;
}

async function runMember({ pileId, evId }: Member, password: string, run: MemberRun): Promise<void> {
  const { options, credentials, clock, roundTrips, counts } = run;
  const rng = new Rng(options.seed).fork(pileId);
  const links: FaultyLink[] = [];
  const makeLink = (onCall: (action: string, payload: unknown) => Promise<object>): PileLink => {
    const client = new OcppClient({
      endpoint: credentials.ocpp,
      chargePointId: pileId,
      password,
      strict: true,
      clock,
      rng,
      onCall,
    });
    const faulty = new FaultyLink(
      timedLink(client, roundTrips),
      randomFaults(options.faults, rng.fork('faults')),
      clock,
    );
    links.push(faulty);
    return faulty;
  };
  const registerWh = rng.integer(REGISTER_WH.low, REGISTER_WH.high);
  const pile = new ChargePoint(
    {
      vendor: 'Tallywatt',
      model: 'Fleet',
      connectors: [{ connectorId: 1, ratedPowerW: RATED_POWER_W, registerWh }],
      clock,
      rng,
      remoteSessionMs: () => options.sessionSeconds * 1000,
      sampleIntervalMs: Math.max(1000, (options.sessionSeconds * 1000) / 4),
    },
    makeLink,
  );
  await pile.start();
  for (let session = 0; session < options.sessions; session += 1) {
    const finished = await pile.runSession(1, evId, options.sessionSeconds * 1000);
    if (finished?.authorization === 'Accepted') counts.finished += 1;
    else counts.refused += 1;
    counts.energyWh += finished?.energyWh ?? 0;
    run.onDone();
  }
  await pile.stop();
  for (const [fault, count] of links.flatMap((link) => [...link.injected]))
    counts.faults[fault] = (counts.faults[fault] ?? 0) + count;
}

function figuresOf(
  options: FleetOptions,
  counts: Counts,
  roundTrips: RoundTrips,
  seconds: number,
  cpuMs: Readonly<Record<string, number>>,
) {
  const [p50, p99, max] = roundTrips.percentiles(PERCENTILES).map((ms) => Math.round(ms * 10) / 10);
  return {
    seed: options.seed,
    piles: options.piles,
    sessionsFinished: counts.finished,
    sessionsRefused: counts.refused,
    energyWh: counts.energyWh,
    faults: counts.faults,
    calls: roundTrips.count,
    callsPerSecond: Math.round(roundTrips.count / Math.max(0.001, seconds)),
    roundTripMs: { p50, p99, max },
    seconds,
    cpuMsPerSession: cpuMs,
    rssBytes: process.memoryUsage.rss(),
  };
}

async function cpu({ api }: CredentialsFile): Promise<ReadonlyMap<string, number>> {
  return new Map([...ownCpuSeconds(), ...(await readCpuSeconds(api))]);
}
