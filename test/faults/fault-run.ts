import { checkBooks } from '../support/block-checker.js';
import { Product, until } from '../support/product.js';
import { Books } from './books.js';
import { Load } from './load.js';
import { Prng } from '../support/prng.js';
import { registerWorld } from './world.js';

const PILES = 8;
/** After the last fault everything acknowledged has to be settled by then. */
export const SETTLED_MS_MAX = 120_000;

export interface FaultOptions {
  readonly seed: number;
  readonly count: number;
  /** Redis that takes the place of the built-in queue. */
  readonly redisUrl?: string;
  /** WebSocket URL that the chargers use instead of the product's own. */
  readonly through?: (ocppUrl: string) => Promise<string>;
  readonly line: (text: string) => void;
}

/** What a run hands on; `kills` counts the faults of whatever kind. */
export interface FaultResult {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly kills: number;
  readonly seed: number;
  /** Longest time from a kill to the next unit of work, per process, in ms. */
  readonly recoveryMsMax: Readonly<Record<string, number>>;
  readonly resends: number;
  readonly callErrors: number;
  /** Broken invariants, in words. */
  readonly violations: readonly string[];
}

/** What a fault is played on. */
export interface Scene {
  readonly product: Product;
  readonly load: Load;
  readonly books: Books;
  readonly random: Prng;
  readonly line: (text: string) => void;
}

/** What playing the faults found. */
export interface Played {
  readonly kills: number;
  readonly recoveryMsMax?: Readonly<Record<string, number>>;
}

/** The product under load while `faults` strike; then the load ends, everything settles, and separate code checks the books. */
export async function runFaults(
  options: FaultOptions,
  faults: (scene: Scene) => Promise<Played>,
): Promise<FaultResult> {
  const product = await Product.create(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl });
  const books = new Books(product.dataFolder);
  try {
    await product.start('--no-sim');
    const piles = await registerWorld(product, PILES);
    const url = (await options.through?.(product.credentials.ocpp)) ?? product.credentials.ocpp;
    const load = new Load(piles, url, options.seed);
    load.begin();
    const scene = { product, load, books, random: new Prng(options.seed), line: options.line };
    const played = await faults(scene);
    await load.finish();
    return await judge(scene, played, options.seed);
  } finally {
    await books.close();
    await product.destroy();
  }
}

async function judge({ load, books }: Scene, played: Played, seed: number): Promise<FaultResult> {
  await until(
    'everything is settled',
    () => books.underWay(),
    (count) => count === 0,
    SETTLED_MS_MAX,
  );
  const { lost, doubled, violations } = await checkBooks((text) => books.rows(text), load.stops);
  return {
    acknowledged: load.stops.length,
    lost,
    doubled,
    kills: played.kills,
    seed,
    recoveryMsMax: played.recoveryMsMax ?? {},
    resends: load.resends,
    callErrors: load.callErrors,
    violations,
  };
}

/** Whether a run may pass: nothing lost, nothing doubled, no invariant broken, and there was something to lose. */
export function isKept(result: FaultResult): boolean {
  return result.lost === 0 && result.doubled === 0 && result.violations.length === 0 && result.acknowledged > 0;
}
