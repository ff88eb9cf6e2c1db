import { setTimeout as sleep } from 'node:timers/promises';
import type { Played, Scene } from './fault-run.js';

const BETWEEN_MS_MIN = 1_500;
export const BETWEEN_MS_MAX = 4_000;

/** Loses the whole queue `count` times, every few seconds or every `everyMs`. */
export async function wipeQueue(scene: Scene, count: number, everyMs?: number): Promise<Played> {
  for (let wipes = 1; wipes <= count; wipes += 1) {
    await sleep(everyMs ?? scene.random.between(BETWEEN_MS_MIN, BETWEEN_MS_MAX));
    await scene.queue.wipe(scene.books);
    scene.line(`${wipes}/${count} queue wiped, ${scene.load.stops.length} Stops acknowledged so far`);
  }
  return { kills: 0, wipes: count };
}

/** Loses it every `everyMs` while something else goes on. */
export async function alsoWiping(scene: Scene, everyMs: number, others: Promise<Played>): Promise<Played> {
  const over = new AbortController();
  const wiping = wipeUntil(over.signal, scene, everyMs);
  const [played, wipes] = await Promise.all([others.finally(() => over.abort()), wiping]);
  return { ...played, wipes };
}

async function wipeUntil(over: AbortSignal, { queue, books }: Scene, everyMs: number): Promise<number> {
  for (let wipes = 0; ; wipes += 1) {
    await sleep(everyMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return wipes;
    await queue.wipe(books);
  }
}
