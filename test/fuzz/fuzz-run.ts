import { Prng } from '../support/prng.js';
import type { Fault } from './answer-book.js';
import type { HonestSession } from './honest-charger.js';
import { PileRun, StolenIds, type Dial } from './pile-run.js';
import type { Progress } from './progress.js';
import type { WorldPile } from './world.js';

/** Faults that are kept with their frame; a broken product makes as many as there are frames. */
export const FAULTS_KEPT_MAX = 40;
/** From here on the heap may not grow: what is built once has been built. */
const WARM_SHARE = 0.1;

export interface HeapFigures {
  /** Of the heap after a forced collection, from the tenth part of the run to its end. */
  readonly growthBytes: number;
  readonly endBytes: number;
}

/** How the heap of the process under test is read, after a forced collection. */
export type ReadHeap = () => Promise<number>;

export interface Fuzzed {
  readonly frames: number;
  readonly seconds: number;
  readonly connections: number;
  readonly faultCount: number;
  readonly faults: readonly Fault[];
  readonly heap: HeapFigures;
  readonly honest: readonly HonestSession[];
  readonly runs: ReadonlyMap<string, PileRun>;
}

/** All piles at once; each has its own seeded stream, so that it replays whatever the others do. */
export async function fuzz(
  options: { readonly seed: number; readonly frames: number },
  piles: readonly WorldPile[],
  dial: Dial,
  readHeap: ReadHeap,
  progress: Progress,
): Promise<Fuzzed> {
  const faults: Fault[] = [];
  let faultCount = 0;
  let connections = 0;
  const stolen = new StolenIds();
  const events = {
    frame: () => progress.tick(),
    fault: (fault: Fault) => {
      faultCount += 1;
      if (faults.length < FAULTS_KEPT_MAX) faults.push(fault);
    },
  };
  const runs = new Map<string, PileRun>();
  const startedAtMs = performance.now();
  const stretch = async (frames: number, round: number): Promise<void> => {
    const weights = piles.reduce((sum, { kind }) => sum + kind.weight, 0);
    const played = piles.map((pile, index) => {
      const run = new PileRun(
        pile,
        new Prng(options.seed * 10_007 + round * 4_999 + index),
        dial,
        stolen,
        events,
        runs.get(pile.chargePointId)?.said,
      );
      runs.set(pile.chargePointId, run);
      return run
        .run(Math.round((frames * pile.kind.weight) / weights))
        .then(() => void (connections += run.connections));
    });
    await Promise.all(played);
  };
  const warm = Math.round(options.frames * WARM_SHARE);
  await stretch(warm, 0);
  const warmBytes = await readHeap();
  await stretch(options.frames - warm, 1);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const endBytes = await readHeap();
  return {
    frames: progress.done,
    seconds,
    connections,
    faultCount,
    faults,
    heap: { growthBytes: endBytes - warmBytes, endBytes },
    honest: piles.flatMap(({ honest }) => honest?.done ?? []),
    runs,
  };
}
