import { setMaxListeners } from 'node:events';
import { type CredentialsFile, SUPERVISION } from '@tallywatt/contracts';
import { ChargePoint } from '../charge-point.js';
import type { Clock } from '../clock.js';
import { forEachConcurrently } from '../concurrency.js';
import { readCredentials } from '../credentials.js';
import { OcppClient } from '../ocpp-client.js';
import type { Output } from '../progress.js';
import { Registry } from '../registry.js';
import { play } from '../replay/play.js';
import { Rng } from '../rng.js';
import { backlogPlan } from './backlog.js';
import { Drivers } from './drivers.js';
import { startRatings } from './ratings.js';
import { type DemoPile, type DemoWorld, demoWorld } from './world.js';

export interface DemoOptions {
  readonly credentials: string;
  readonly seed: number;
}

/** The world is the same at every start; only what happens in it follows `--seed`. */
const WORLD_SEED = 143;
const REQUESTS_AT_ONCE = 24;
const SAMPLE_INTERVAL_MS = 10_000;
/** The first session of each outlet is short, so that the first bill comes within a minute. */
const FIRST_SESSION_SECONDS = { low: 20, high: 35 };
const SESSION_SECONDS = { low: 30, high: 180 };
const PAUSE_SECONDS = { low: 3, high: 40 };
/** Energy registers of used piles; a virtual meter starts anew with its process. */
const REGISTER_WH = { low: 100_000, high: 9_000_000 };
/** Time for the last StopTransactions when the demo ends. */
export const FAREWELL_MS_MAX = 3000;

/** The demo of `npm start`: runs until the signal aborts. */
export async function demo(options: DemoOptions, output: Output, clock: Clock, signal: AbortSignal): Promise<number> {
  // Every outlet, driver and pile listens for the end.
  setMaxListeners(0, signal);
  const credentials = readCredentials(options.credentials);
  const rng = new Rng(options.seed);
  const world = demoWorld(new Rng(WORLD_SEED));
  const registry = new Registry(credentials, clock);
  await registerStations(world, registry);
  const drivers = new Drivers(world.drivers, registry, clock, rng.fork('drivers'));
  await drivers.open();
  const passwords = await registerPiles(world, registry, clock, credentials, rng, output);
  output.write(
    `demo: ${world.stations.length} stations, ${world.livePiles.length} piles, ${world.drivers.length} drivers\n`,
  );

  const running = world.livePiles.map((pile) =>
    runPile(pile, passwords.get(pile.pileId) ?? '', {
      credentials,
      drivers,
      clock,
      rng: rng.fork(pile.pileId),
      signal,
    }),
  );
  const raters = startRatings(credentials, clock, rng.fork('ratings'), signal);
  if (raters === 0) output.write('demo: no driver tokens in the credentials file, so nobody rates\n');
  drivers.topUpWhile(signal);
  await Promise.all(running);
  return 0;
}

async function registerStations(world: DemoWorld, registry: Registry): Promise<void> {
  const known = await registry.api('supervisor', SUPERVISION).count('/v1/stations');
  if (known >= world.stations.length) return;
  await forEachConcurrently(world.stations, REQUESTS_AT_ONCE, (station) => registry.ensureStation(station));
}

/** Registers all piles; when the recorded ones are new, plays the last seven days on them. */
async function registerPiles(
  world: DemoWorld,
  registry: Registry,
  clock: Clock,
  credentials: CredentialsFile,
  rng: Rng,
  output: Output,
): Promise<ReadonlyMap<string, string>> {
  const passwords = new Map<string, string>();
  let firstStart = false;
  const register = (clockKind: 'live' | 'recorded') => async (pile: DemoPile) => {
    const { pileId: id, operatorId, stationId, ratedPowerW, connectorIds } = pile;
    const connectors = connectorIds.map((connectorId) => ({ connectorId, ratedPowerW, type: 'DC' }));
    const { password, isNew } = await registry.ensurePile({
      id,
      operatorId,
      stationId,
      connectors,
      clock: clockKind,
      simulated: true,
    });
    passwords.set(id, password);
    firstStart ||= clockKind === 'recorded' && isNew;
  };
  await forEachConcurrently(world.livePiles, REQUESTS_AT_ONCE, register('live'));
  await forEachConcurrently(world.recordedPiles, REQUESTS_AT_ONCE, register('recorded'));
  if (firstStart) {
    const plan = backlogPlan(world.recordedPiles, world.drivers, clock.nowMs(), rng.fork('backlog'));
    const played = await play(plan, {
      endpoint: credentials.ocpp,
      passwords,
      seed: rng.seed,
      clock,
      onPlayed: () => undefined,
    });
    output.write(`demo: ${played.size} sessions of the last seven days played\n`);
  }
  return passwords;
}

interface PileRun {
  readonly credentials: CredentialsFile;
  readonly drivers: Drivers;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly signal: AbortSignal;
}

async function runPile(demoPile: DemoPile, password: string, run: PileRun): Promise<void> {
  const { credentials, clock, rng, signal } = run;
  const { pileId, ratedPowerW, connectorIds } = demoPile;
  const pile = new ChargePoint(
    {
      vendor: 'Tallywatt',
      model: `Virtual DC ${ratedPowerW / 1000} kW`,
      connectors: connectorIds.map((connectorId) => ({
        connectorId,
        ratedPowerW,
        registerWh: rng.integer(REGISTER_WH.low, REGISTER_WH.high),
      })),
      clock,
      rng,
      remoteSessionMs: () => rng.integer(SESSION_SECONDS.low, SESSION_SECONDS.high) * 1000,
      sampleIntervalMs: SAMPLE_INTERVAL_MS,
    },
    (onCall) =>
      new OcppClient({ endpoint: credentials.ocpp, chargePointId: pileId, password, strict: true, clock, rng, onCall }),
  );
  await pile.start();
  signal.addEventListener('abort', () => pile.endSessions('Local'));
  const connectors = connectorIds.map((connectorId) => runConnector(pile, connectorId, run));
  const gone = new AbortController();
  await Promise.race([Promise.all(connectors), farewell(clock, signal, gone.signal)]);
  gone.abort();
  await pile.stop();
}

/** Resolves some time after the demo was told to end, so that a dead central system cannot hold it up. */
async function farewell(clock: Clock, ending: AbortSignal, gone: AbortSignal): Promise<void> {
  if (!ending.aborted)
    await new Promise<void>((resolve) => ending.addEventListener('abort', () => resolve(), { once: true }));
  await clock.sleep(FAREWELL_MS_MAX, gone);
}

async function runConnector(
  pile: ChargePoint,
  connectorId: number,
  { drivers, clock, rng, signal }: PileRun,
): Promise<void> {
  let seconds = FIRST_SESSION_SECONDS;
  await clock.sleep(rng.integer(0, PAUSE_SECONDS.low * connectorId * 1000), signal);
  while (!signal.aborted) {
    const driver = drivers.take();
    if (driver !== undefined) {
      await pile.runSession(connectorId, driver.idTag, rng.integer(seconds.low, seconds.high) * 1000);
      drivers.giveBack(driver);
      seconds = SESSION_SECONDS;
    }
    await clock.sleep(rng.integer(PAUSE_SECONDS.low, PAUSE_SECONDS.high) * 1000, signal);
  }
}
