import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchProduct } from '../bench/bench-product.js';
import { registerStation } from '../bench/registration.js';
import { checkBooks } from '../support/block-checker.js';
import { WirePile } from '../support/ocpp-wire.js';
import { until } from '../support/product.js';
import { Prng } from '../support/prng.js';
import { billed, judgeBills } from './bills.js';
import { fuzz, type Fuzzed } from './fuzz-run.js';
import { INSPECTABLE, InspectedProcess } from './inspected-process.js';
import { isOutageLine } from './outages.js';
import type { FuzzOptions } from './options.js';
import type { Dial } from './pile-run.js';
import { Progress } from './progress.js';
import { reportOf, type FuzzReport, type Health } from './report.js';
import { SocketLine } from './socket-line.js';
import { OPERATOR, pilesOf, registerPiles, tagsOf, type Sql, type WorldPile } from './world.js';

/** After the last frame everything acknowledged has to be settled by then. */
export const SETTLED_MS_MAX = 300_000;
const OPENED_AT_ONCE = 8;
const DEPOSIT_MINOR = '1000000000000';
const REDIAL_MS = 200;
export const DIALS_MAX = 150;
/** Buffered rows are written within a second: they are no growth. */
const QUIET_MS = 2_000;
const SERVICES = ['csms', 'settlement'] as const;
type Service = (typeof SERVICES)[number];
const PROTOTYPES =
  'JSON.stringify([Object.getOwnPropertyNames(Object.prototype), Object.getOwnPropertyNames(Array.prototype)])';

/** The whole product as `npm start --no-sim` brings it up, over its real OCPP port. */
export async function runOverSockets(options: FuzzOptions): Promise<FuzzReport> {
  const running = await BenchProduct.start({ NODE_OPTIONS: INSPECTABLE });
  const logOf = (service: Service): string => readFileSync(join(running.product.dataFolder, `${service}.log`), 'utf8');
  const sql: Sql = async (text, values = []) => (await running.owner.query<object>(text, [...values])).rows;
  try {
    const piles = pilesOf(options);
    const stationId = await registerStation(running, OPERATOR);
    await registerPiles(sql, running.pepper, stationId, piles);
    await openAccounts(running, tagsOf(piles));
    await untilAccepted(running, piles);
    const pids = { csms: running.csmsPid, settlement: running.settlementPid };
    const csms = await InspectedProcess.open(pids.csms, () => logOf('csms'));
    const before = await csms.evaluate(PROTOTYPES);
    // What was said while it started, before the tables were there, has nothing to do with frames.
    const started = { csms: logOf('csms').length, settlement: logOf('settlement').length };
    const readHeap = async (): Promise<number> => {
      await sleep(QUIET_MS);
      return csms.heapBytes();
    };
    const progress = new Progress(options.frames, process.stdout);
    const fuzzed = await fuzz(options, piles, dialer(running, piles, options.seed), readHeap, progress);
    progress.end();
    const complaints = SERVICES.flatMap((service) => complaintsIn(logOf(service).slice(started[service])));
    const crashes = [
      ...((await csms.evaluate(PROTOTYPES)) === before ? [] : ['Object.prototype of csms has changed']),
      ...restarts(running, pids),
      ...complaints.filter((line) => !isOutageLine(line)),
    ];
    csms.close();
    return await judge(options, fuzzed, sql, { crashes, outages: complaints.filter(isOutageLine).length });
  } finally {
    await running.end();
  }
}

async function judge(
  options: FuzzOptions,
  fuzzed: Fuzzed,
  sql: Sql,
  health: Omit<Health, 'violations'>,
): Promise<FuzzReport> {
  const underWay = `select count(*)::int as count from csms.settlement_fact f left join settlement.settlement s using (settlement_id)
    where s.state is null or s.state in ('pending', 'prepared', 'submitted') or s.facts_revision < f.revision`;
  await until(
    'everything is settled',
    async () => ((await sql(underWay))[0] as { count: number }).count,
    (count) => count === 0,
    SETTLED_MS_MAX,
  );
  const { violations } = await checkBooks(sql, fuzzed.honest);
  const said = new Map([...fuzzed.runs].map(([id, run]) => [id, run.said]));
  return reportOf(options, fuzzed, judgeBills(await billed(sql), fuzzed.honest, said), { ...health, violations });
}

/** Accounts on the ledger with more money than any session costs, each with a tag of its own name. */
async function openAccounts(running: BenchProduct, tags: readonly string[]): Promise<void> {
  const waiting = [...tags];
  const post = async (role: 'operator' | 'finance', path: string, body: object, key: string): Promise<void> => {
    const token = running.product.tokenOf(role, OPERATOR);
    const answer = await running.product.api('POST', path, token, body, { 'idempotency-key': key });
    if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  };
  const open = async (): Promise<void> => {
    for (let evId = waiting.pop(); evId !== undefined; evId = waiting.pop()) {
      const account = { evId, operatorId: OPERATOR, idTags: [{ idTag: evId }], maxConcurrentSessions: 1_000 };
      await post('operator', '/v1/accounts', account, `open-${evId}`);
      await post('finance', `/v1/accounts/${evId}/deposits`, { amountMinor: DEPOSIT_MINOR }, `deposit-${evId}`);
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, open));
}

/** A new driver is known a moment after the block of the account. */
async function untilAccepted(running: BenchProduct, piles: readonly WorldPile[]): Promise<void> {
  const [asker] = piles;
  if (asker === undefined) return;
  const wire = await WirePile.connect(running.product.credentials.ocpp, asker.chargePointId, asker.key.toString('hex'));
  for (const idTag of tagsOf(piles))
    await until(
      `${idTag} is known`,
      () => wire.call('Authorize', { idTag }),
      (frame) => (frame[2] as { idTagInfo: { status: string } }).idTagInfo.status === 'Accepted',
    );
  await wire.close();
}

/** Dials until it is let in: after a close with 1013, newcomers are told to come back later. */
function dialer(running: BenchProduct, piles: readonly WorldPile[], seed: number): Dial {
  const keys = new Map(piles.map(({ chargePointId, key }) => [chargePointId, key]));
  const random = new Prng(seed ^ 0x5eed);
  const port = running.ocppPort;
  return async (id, listener) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await SocketLine.open({ port, id, key: keys.get(id) ?? Buffer.alloc(0) }, random, listener);
      } catch (fault) {
        if (attempt === DIALS_MAX) throw fault;
        await sleep(REDIAL_MS);
      }
    }
  };
}

function restarts(running: BenchProduct, pids: Readonly<Record<Service, number>>): string[] {
  const now = { csms: running.csmsPid, settlement: running.settlementPid };
  return SERVICES.flatMap((name) =>
    now[name] === pids[name] ? [] : [`${name} was process ${pids[name]}, and is ${now[name]}`],
  );
}

/** Warnings and errors of a service, and everything that is no log line of ours. */
function complaintsIn(log: string): string[] {
  return log.split('\n').filter((line) => {
    if (line === '' || /^Debugger |^For help, see|^Starting inspector/.test(line)) return false;
    return !line.startsWith('{') || /"level":"(?:warn|error|fatal)"/.test(line);
  });
}
