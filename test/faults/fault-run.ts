import { checkBooks } from '../support/block-checker.js';
import { Product, until } from '../support/product.js';
import { Books } from './books.js';
import type { FaultyQueue } from './faulty-queue.js';
import { Load } from './load.js';
import { Prng } from '../support/prng.js';
import { registerWorld, type RegisteredPile } from './world.js';

const PILES = 8;
/** After the last fault everything acknowledged has to be settled by then. */
export const SETTLED_MS_MAX = 120_000;

export interface FaultOptions {
  readonly seed: number;
  readonly queue: FaultyQueue;
  /** Environment of the start command, besides the queue's. */
  readonly env?: Readonly<Record<string, string>>;
  /** WebSocket URL that the chargers use instead of the product's own. */
  readonly through?: (ocppUrl: string) => Promise<string>;
  readonly line: (text: string) => void;
}

/** What a run hands on. */
export interface FaultResult {
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** Payments that a driver's balance did not cover (I2). */
  readonly unpaid: number;
  /** Faults of whatever kind but wipes. */
  readonly kills: number;
  readonly wipes: number;
  readonly seed: number;
  /** Hits of each named kill point. */
  readonly hits: Readonly<Record<string, number>>;
  /** Longest time from a kill to the next unit of work, per process or point, in ms. */
  readonly recoveryMsMax: Readonly<Record<string, number>>;
  readonly resends: number;
  readonly callErrors: number;
  /** Broken invariants, in words. */
  readonly violations: readonly string[];
}

/** What a fault is played on. */
export interface Scene {
  readonly product: Product;
  readonly queue: FaultyQueue;
  readonly load: Load;
  /** A pile that the load does not use. */
  readonly spare: RegisteredPile;
  readonly books: Books;
  readonly random: Prng;
  readonly line: (text: string) => void;
}

/** What playing the faults found. */
export interface Played {
  readonly kills: number;
  readonly wipes?: number;
  readonly recoveryMsMax?: Readonly<Record<string, number>>;
  readonly hits?: Readonly<Record<string, number>>;
}

/** The product under load while `faults` strike; then the load ends, everything settles, and separate code checks the books. */
export async function runFaults(
  options: FaultOptions,
  faults: (scene: Scene) => Promise<Played>,
): Promise<FaultResult> {
  const { queue, line, seed } = options;
  const product = await Product.create({ ...queue.env, ...options.env });
  const books = new Books(product.dataFolder);
  try {
    await product.start('--no-sim');
    const { spare, piles } = await registerWorld(product, PILES);
    const url = (await options.through?.(product.credentials.ocpp)) ?? product.credentials.ocpp;
    const load = new Load(piles, url, seed);
    load.begin();
    const scene = { product, queue, load, spare, books, random: new Prng(seed), line };
    const played = await faults(scene);
    await load.finish();
    return await judge(scene, played, seed);
  } catch (error) {
    line(product.lastWords());
    line(await books.standstill().catch(String));
    throw error;
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
  const { lost, doubled, unpaid, violations } = await checkBooks((text) => books.rows(text), load.stops);
  return {
    acknowledged: load.stops.length,
    lost,
    doubled,
    unpaid,
    kills: played.kills,
    wipes: played.wipes ?? 0,
    seed,
    hits: played.hits ?? {},
    recoveryMsMax: played.recoveryMsMax ?? {},
    resends: load.resends,
    callErrors: load.callErrors,
    violations,
  };
}

/** Whether a run may pass: nothing lost, doubled or broken, no CALLERROR; and there was something to lose, and to owe. */
export function isKept(result: FaultResult): boolean {
  const { lost, doubled, violations, callErrors, acknowledged, unpaid } = result;
  const isWhole = lost === 0 && doubled === 0 && violations.length === 0 && callErrors === 0;
  return isWhole && acknowledged > 0 && unpaid > 0;
}
