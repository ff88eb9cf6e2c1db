import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchProduct } from './bench-product.js';
import { stretch } from './load.js';
import type { BenchOptions } from './options.js';
import { rawCommits } from './raw-commits.js';
import { openAccounts, registerStation } from './registration.js';
import type { Measured } from './report.js';
import { cpuUsPerUnit, fastest, perSecond, type Stretch } from './statistics.js';

const OPERATOR_IDS = ['TELD', 'STAR', 'PTNE', 'SG'] as const;
/** No account is in flight twice, so a batch is as large as there are drivers. */
const ACCOUNTS_PER_OPERATOR = 250;
const POLL_MS = 20;
/** At the goal's rate the largest count takes half of it. */
const SETTLE_MS_MAX = 120_000;

/** Settlements per second from prepared requests to final bills on the embedded ledger. */
export async function benchSettle(running: BenchProduct, options: BenchOptions): Promise<Measured> {
  const accounts = Math.min(ACCOUNTS_PER_OPERATOR, Math.ceil(options.count / OPERATOR_IDS.length));
  const stations = await Promise.all(OPERATOR_IDS.map((operatorId) => registerStation(running, operatorId)));
  const evIds = await Promise.all(OPERATOR_IDS.map((operatorId) => openAccounts(running, operatorId, accounts)));
  const ours: Stretch[] = [];
  const limits: Stretch[] = [];
  for (let round = 0; round < options.rounds; round++) {
    limits.push(await rawCommits(running, options.seconds * 1000));
    await publishRequests(running, options.count, stations, evIds);
    ours.push(await untilSettled(running, round * options.count, options.count));
  }
  return {
    bench: 'settle',
    limit: { name: 'single PostgreSQL commits', value: perSecond(fastest(limits)), unit: 'commits/s' },
    ours: { value: perSecond(fastest(ours)), unit: 'settlements/s' },
    goal: { of: 'ours', atLeast: 1_000 },
    cpu: { oursUs: cpuUsPerUnit(fastest(ours)), limitUs: cpuUsPerUnit(fastest(limits)) },
    also: [{ name: 'settlements of a round', value: options.count, unit: 'settlements' }],
  };
}

/** Facts of closed sessions, as the commit of a StopTransaction leaves them. */
async function publishRequests(
  running: BenchProduct,
  count: number,
  stations: readonly string[],
  evIds: readonly (readonly string[])[],
): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => {
    const at = index % stations.length;
    const own = evIds[at] ?? [];
    const evId = own[Math.floor(index / stations.length) % own.length];
    return { id: randomUUID(), operator: OPERATOR_IDS[at], station: stations[at], ev: evId, transaction: index + 1 };
  });
  await running.owner.query(
    `insert into csms.settlement_request (settlement_id, revision, operator_id, station_id, charge_point_id, connector_id,
       transaction_id, ev_id, user_operator_id, meter_start_wh, meter_stop_wh, readings, started_at, ended_at, evidence_sha256,
       close_kind, created_at)
     select id, 1, operator, station, 'BENCH', 1, transaction, ev, operator, 1000, 27400, '[]', now() - interval '2 hours',
       now() - interval '1 hour', repeat('ab', 32), 'stopped', now()
     from json_to_recordset($1) as x(id text, operator text, station text, ev text, transaction int)`,
    [JSON.stringify(rows)],
  );
}

/** From the first claim to the last final bill, so that the time until somebody looks is no part of the rate. */
async function untilSettled(running: BenchProduct, before: number, count: number): Promise<Stretch> {
  await reach(running, 'settlement.settlement', before + 1);
  return stretch([running.settlementPid, running.postgresPid], async () => {
    await reach(running, 'settlement.bill', before + count);
    return count;
  });
}

async function reach(running: BenchProduct, table: Table, least: number): Promise<void> {
  const deadline = performance.now() + SETTLE_MS_MAX;
  for (let rows = await rowsOf(running, table); rows < least; rows = await rowsOf(running, table)) {
    if (performance.now() > deadline) throw new Error(`${table} has ${rows} rows, not ${least}`);
    await sleep(POLL_MS);
  }
}

type Table = 'settlement.settlement' | 'settlement.bill';

async function rowsOf(running: BenchProduct, table: Table): Promise<number> {
  const { rows } = await running.owner.query<{ count: number }>(`select count(*)::int as count from ${table}`);
  return rows[0]?.count ?? 0;
}
