import { BareLimit } from './bare-limit.js';
import type { BenchPile } from './bench-pile.js';
import type { BenchProduct } from './bench-product.js';
import { CallTemplate } from './call-template.js';
import { closedLoop, openPiles, stretch } from './load.js';
import type { BenchOptions } from './options.js';
import { pin } from './process-figures.js';
import { registerPiles } from './registration.js';
import type { Measured } from './report.js';
import { cpuUsPerUnit, fastest, perSecond, type Stretch } from './statistics.js';

const SERVER_CORE = 0;
const LOAD_CORE = 1;
/** Both sides get their code compiled before a round counts. */
const WARM_UP_MS = 1_000;

/** Messages that wait for no commit: the shortest, and one of about 600 bytes. */
const TEMPLATES: Readonly<Record<BenchOptions['message'], () => CallTemplate>> = {
  heartbeat: () => new CallTemplate('Heartbeat', {}),
  'data-transfer': () =>
    new CallTemplate('DataTransfer', { vendorId: 'bench', messageId: 'meter', data: 'x'.repeat(510) }),
};

/** Calls per second of csms, one core, real handlers and validation, beside bare `ws` on the same core in turn. */
export async function benchOcpp(running: BenchProduct, options: BenchOptions): Promise<Measured> {
  const kind = { stationId: 'BENCH', operatorId: 'TELD', connectors: 1, clock: 'recorded' } as const;
  const addresses = await registerPiles(running, options.piles, kind);
  const bare = await BareLimit.start();
  pin(process.pid, LOAD_CORE);
  pin(running.csmsPid, SERVER_CORE);
  pin(bare.pid, SERVER_CORE);
  const ourPiles = await openPiles(addresses, options.piles);
  const barePiles = await openPiles(
    addresses.map((address) => ({ ...address, port: bare.port })),
    options.piles,
  );
  const ours: Stretch[] = [];
  const limits: Stretch[] = [];
  const load = (pid: number, piles: readonly BenchPile[], ms: number): Promise<Stretch> =>
    stretch([pid], () => closedLoop(piles, TEMPLATES[options.message], ms));
  await load(running.csmsPid, ourPiles, WARM_UP_MS);
  await load(bare.pid, barePiles, WARM_UP_MS);
  for (let round = 0; round < options.rounds; round++) {
    limits.push(await load(bare.pid, barePiles, options.seconds * 1000));
    ours.push(await load(running.csmsPid, ourPiles, options.seconds * 1000));
  }
  for (const pile of [...ourPiles, ...barePiles]) pile.cut();
  await bare.end();
  return {
    bench: 'ocpp',
    limit: { name: `bare ws + JSON.parse, ${options.message}`, value: perSecond(fastest(limits)), unit: 'calls/s' },
    ours: { value: perSecond(fastest(ours)), unit: 'calls/s' },
    goal: { of: 'ratio', atLeast: 0.75 },
    cpu: { oursUs: cpuUsPerUnit(fastest(ours)), limitUs: cpuUsPerUnit(fastest(limits)) },
    also: [],
  };
}
