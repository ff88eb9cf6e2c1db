import { setTimeout as sleep } from 'node:timers/promises';
import { callFrame, type BenchPile } from './bench-pile.js';
import type { BenchProduct } from './bench-product.js';
import { openPiles, stretch } from './load.js';
import type { BenchOptions } from './options.js';
import { cpuMsOf } from './process-figures.js';
import { rawCommits } from './raw-commits.js';
import { openAccounts, registerPiles, registerStation } from './registration.js';
import type { Measured } from './report.js';
import { cpuUsPerUnit, fastest, perSecond, type Stretch } from './statistics.js';

const OPERATOR_ID = 'TELD';
const CONNECTORS = 8;
const ACCOUNTS_MAX = 64;
/** Sessions of one connector must not overlap, and lie in the past. */
const HOUR_MS = 3_600_000;
const SESSION_MS = 60_000;
const ROUND_MS = 2 * SESSION_MS;
const SAMPLE_MS = 10_000;
const POLL_MS = 200;
/** Some thousand settlements take seconds. */
const IDLE_MS_MAX = 60_000;

interface Session {
  readonly transactionId: number;
  readonly evId: string;
  readonly startMs: number;
}

/** StopTransactions acknowledged per second, each after its durable commit, beside single commits of one row. */
export async function benchStop(running: BenchProduct, options: BenchOptions): Promise<Measured> {
  const stationId = await registerStation(running, OPERATOR_ID);
  const evIds = await openAccounts(running, OPERATOR_ID, Math.min(ACCOUNTS_MAX, options.piles));
  const kind = { stationId, operatorId: OPERATOR_ID, connectors: CONNECTORS, clock: 'live' } as const;
  const piles = await openPiles(await registerPiles(running, options.piles, kind), options.piles);
  const ours: Stretch[] = [];
  const limits: Stretch[] = [];
  const csmsUs: number[] = [];
  const firstStartMs = Date.now() - HOUR_MS;
  // The first round compiles and plans, and does not count.
  for (let round = 0; round <= options.rounds; round++) {
    const opened = await Promise.all(
      piles.map((pile, index) => startSessions(pile, pick(evIds, index), firstStartMs + round * ROUND_MS)),
    );
    const limit = await rawCommits(running, options.seconds * 1000);
    const csmsCpuBeforeMs = cpuMsOf([running.csmsPid]) ?? 0;
    const stopped = await whileFrozen(running.settlementPid, () =>
      stretch([running.csmsPid, running.postgresPid], async () => {
        await Promise.all(piles.map((pile, index) => stopSessions(pile, opened[index] ?? [])));
        return piles.length * CONNECTORS;
      }),
    );
    const csmsCpuMs = (cpuMsOf([running.csmsPid]) ?? 0) - csmsCpuBeforeMs;
    await assertStored(running, piles.length * CONNECTORS * (round + 1));
    await untilIdle(running);
    if (round === 0) continue;
    limits.push(limit);
    ours.push(stopped);
    csmsUs.push((csmsCpuMs * 1000) / stopped.units);
  }
  for (const pile of piles) pile.cut();
  return {
    bench: 'stop',
    limit: { name: 'single PostgreSQL commits', value: perSecond(fastest(limits)), unit: 'commits/s' },
    ours: { value: perSecond(fastest(ours)), unit: 'acknowledged StopTransactions/s' },
    goal: { of: 'ratio', atLeast: 3 },
    cpu: { oursUs: cpuUsPerUnit(fastest(ours)), limitUs: cpuUsPerUnit(fastest(limits)) },
    also: [{ name: 'CPU of csms alone', value: Math.min(...csmsUs), unit: 'µs per StopTransaction' }],
  };
}

/** Settling these sessions has a bench of its own: here it would take the cores that acknowledge them. */
async function whileFrozen<T>(pid: number, work: () => Promise<T>): Promise<T> {
  process.kill(pid, 'SIGSTOP');
  try {
    return await work();
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}

/** Bills of the round before are no part of the next one. */
async function untilIdle(running: BenchProduct): Promise<void> {
  const unsettled = `select count(*)::int as count from csms.settlement_request r
    where not exists (select from settlement.bill b where b.bill_id = r.settlement_id)`;
  for (const deadline = performance.now() + IDLE_MS_MAX; performance.now() < deadline; await sleep(POLL_MS)) {
    const { rows } = await running.owner.query<{ count: number }>(unsettled);
    if (rows[0]?.count === 0) return;
  }
  throw new Error('acknowledged sessions were not settled');
}

function pick(evIds: readonly string[], index: number): string {
  return evIds[index % evIds.length] ?? '';
}

async function startSessions(pile: BenchPile, evId: string, startMs: number): Promise<Session[]> {
  const sessions: Session[] = [];
  for (let connectorId = 1; connectorId <= CONNECTORS; connectorId++) {
    const timestamp = new Date(startMs).toISOString();
    const start = { connectorId, idTag: evId, meterStart: 1_000, timestamp };
    const answer = await pile.call(callFrame(`${startMs}-${connectorId}`, 'StartTransaction', start));
    const [type, , payload] = JSON.parse(answer.toString()) as [number, string, { transactionId?: number }];
    if (type !== 3 || payload.transactionId === undefined) throw new Error(`Start was answered ${answer.toString()}`);
    sessions.push({ transactionId: payload.transactionId, evId, startMs });
  }
  return sessions;
}

async function stopSessions(pile: BenchPile, sessions: readonly Session[]): Promise<void> {
  for (const session of sessions) {
    const answer = await pile.call(callFrame(`s${session.transactionId}`, 'StopTransaction', stopOf(session)));
    if (!answer.toString().startsWith('[3,')) throw new Error(`Stop was answered ${answer.toString()}`);
  }
}

/** About 600 bytes, as piles send it: with the register at its begin, between and at its end. */
function stopOf({ transactionId, evId, startMs }: Session): object {
  const sampled = (afterMs: number, registerWh: number, context: string): object => ({
    timestamp: new Date(startMs + afterMs).toISOString(),
    sampledValue: [{ value: String(registerWh), context, measurand: 'Energy.Active.Import.Register', unit: 'Wh' }],
  });
  return {
    transactionId,
    idTag: evId,
    meterStop: 1_900,
    timestamp: new Date(startMs + SESSION_MS).toISOString(),
    reason: 'Local',
    transactionData: [
      sampled(SAMPLE_MS, 1_150, 'Sample.Periodic'),
      sampled(3 * SAMPLE_MS, 1_450, 'Sample.Periodic'),
      sampled(SESSION_MS, 1_900, 'Transaction.End'),
    ],
  };
}

/** An acknowledgement that nothing stands behind is no unit. */
async function assertStored(running: BenchProduct, expected: number): Promise<void> {
  const { rows } = await running.owner.query<{ count: number }>(
    'select count(*)::int as count from csms.settlement_request where hold_reason is null',
  );
  if (rows[0]?.count !== expected) throw new Error(`${expected} Stops acknowledged, ${rows[0]?.count} requests stored`);
}
