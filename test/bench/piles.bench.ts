import { setTimeout as sleep } from 'node:timers/promises';
import { BareLimit } from './bare-limit.js';
import type { BenchPile, PileAddress } from './bench-pile.js';
import type { BenchProduct } from './bench-product.js';
import { CallTemplate } from './call-template.js';
import { openPiles, pacedLoop, redial, stretch } from './load.js';
import type { BenchOptions } from './options.js';
import { statOf } from './process-figures.js';
import { registerPiles } from './registration.js';
import type { Measured } from './report.js';
import { cpuUsPerUnit, percentile } from './statistics.js';

/** First connections: as many handshakes at once as a fleet makes on an ordinary day. */
const HANDSHAKES_AT_ONCE = 200;
/** reliability.md B12: 1,000 messages per second over the whole fleet. */
const HEARTBEATS_PER_SECOND = 1_000;
/** Code is compiled and pools are filled before memory is read. */
const WARM_UP_PILES = 100;
/** After its last work a process gives garbage back; both sides get the same time for it. */
const QUIET_MS = 10_000;
/** A miniature has no garbage worth waiting for. */
const FLEET_PILES_MIN = 1_000;

const heartbeat = (): CallTemplate => new CallTemplate('Heartbeat', {});

/** A fleet on one process: memory per pile beside bare `ws`, latency of Heartbeats, and the storm after a lost link. */
export async function benchPiles(running: BenchProduct, options: BenchOptions): Promise<Measured> {
  const kind = { stationId: 'BENCH', operatorId: 'TELD', connectors: 1, clock: 'live' } as const;
  const addresses = await registerPiles(running, options.piles, kind);
  const limit = await bareFleet(addresses, options);
  const { bytesPerPile, piles } = await openFleet(running.csmsPid, addresses);
  const { cpuUs, p99Ms } = await heartbeats(running.csmsPid, piles, options);
  const lost = piles.filter(({ isOpen }) => !isOpen).length;
  const stormMs = await storm(piles, addresses);
  return {
    bench: 'piles',
    limit: { name: 'bare ws', value: limit.bytesPerPile, unit: 'bytes/pile' },
    ours: { value: bytesPerPile, unit: 'bytes/pile' },
    goal: { of: 'ratio', atMost: 1.5 },
    cpu: { oursUs: cpuUs, limitUs: limit.cpuUs },
    also: [
      { name: 'Heartbeat p99', value: p99Ms, unit: 'ms', goal: { atMost: 100 } },
      { name: 'Heartbeat p99 of bare ws', value: limit.p99Ms, unit: 'ms' },
      { name: `storm until all ${piles.length} are back`, value: stormMs / 1000, unit: 's', goal: { atMost: 60 } },
      { name: 'sockets lost under load', value: lost, unit: 'piles', goal: { atMost: 0 } },
    ],
  };
}

interface Fleet {
  readonly bytesPerPile: number;
  readonly piles: BenchPile[];
}

async function bareFleet(addresses: readonly PileAddress[], options: BenchOptions) {
  const bare = await BareLimit.start();
  const { bytesPerPile, piles } = await openFleet(
    bare.pid,
    addresses.map((address) => ({ ...address, port: bare.port })),
  );
  const figures = await heartbeats(bare.pid, piles, options);
  for (const pile of piles) pile.cut();
  await bare.end();
  return { bytesPerPile, ...figures };
}

/** Resident memory, so it holds whatever the process keeps for a pile, sockets of the kernel apart. */
async function openFleet(pid: number, addresses: readonly PileAddress[]): Promise<Fleet> {
  const quietMs = addresses.length < FLEET_PILES_MIN ? 100 : QUIET_MS;
  const first = await openPiles(addresses.slice(0, WARM_UP_PILES), HANDSHAKES_AT_ONCE);
  await callAll(first);
  await sleep(quietMs);
  const beforeBytes = rssBytes(pid);
  const rest = await openPiles(addresses.slice(first.length), HANDSHAKES_AT_ONCE);
  await callAll(rest);
  await sleep(quietMs);
  const grownBytes = Math.max(1, rssBytes(pid) - beforeBytes);
  return { bytesPerPile: grownBytes / Math.max(1, rest.length), piles: [...first, ...rest] };
}

function rssBytes(pid: number): number {
  const stat = statOf(pid);
  if (stat === undefined) throw new Error('memory is read from /proc: this bench needs Linux');
  return stat.rssBytes;
}

/** One call each: a pile that never says anything would be shown the door. */
async function callAll(piles: readonly BenchPile[]): Promise<void> {
  await Promise.all(piles.map((pile) => pile.call(heartbeat().next())));
}

async function heartbeats(pid: number, piles: readonly BenchPile[], options: BenchOptions) {
  const templates = piles.map(heartbeat);
  let latenciesMs: number[] = [];
  const perSecond = Math.min(HEARTBEATS_PER_SECOND, piles.length * 10);
  const load = await stretch([pid], async () => {
    latenciesMs = await pacedLoop(piles, templates, perSecond, options.seconds * options.rounds * 1000);
    return latenciesMs.length;
  });
  return { p99Ms: percentile(latenciesMs, 0.99), cpuUs: cpuUsPerUnit(load) };
}

/** Cuts every link at once; all dial at the same moment. @returns until the last one is in */
async function storm(piles: readonly BenchPile[], addresses: readonly PileAddress[]): Promise<number> {
  for (const pile of piles) pile.cut();
  const startedAtMs = performance.now();
  const back = await Promise.all(addresses.map((address) => redial(address)));
  await callAll(back);
  const tookMs = performance.now() - startedAtMs;
  for (const pile of back) pile.cut();
  return tookMs;
}
