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
  let wipes = 0;
  let isOver = false;
  const wiping = (async () => {
    while (!isOver) {
      await Promise.race([sleep(everyMs, undefined, { ref: false }), others.catch(() => undefined)]);
      if (isOver) return;
      await scene.queue.wipe(scene.books);
      wipes += 1;
    }
  })();
  try {
    return { ...(await others), wipes };
  } finally {
    isOver = true;
    await wiping;
  }
}
