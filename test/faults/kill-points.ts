import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { FAILPOINTS, type KillPoint } from './failpoints.js';
import type { Played, Scene } from './fault-run.js';
import { nextWork } from './kill.js';
import { loseAnswers } from './lost-answers.js';
import type { KillOrders } from './kill-orders.js';

/** A point that no process reaches within this time is not on the way any more. */
export const REACH_MS_MAX = 60_000;
const LOOK_MS = 20;
const PAUSE_MS = 300;
/** Up to so many times a point is passed alive, so that the hit falls on another moment of the load. */
const PASSES_AT_MOST = 3;
/** Kills of one point in a row, each as soon as the next life reaches it: reliability.md K5 asks for five on one job. */
export const IN_A_ROW_MAX = 5;
const ROW_SHARE = 0.2;

/** What makes the processes of a product obey: the start command hands NODE_OPTIONS down to its services. */
export function obedience(ordersFolder: string): Record<string, string> {
  const code = pathToFileURL(fileURLToPath(new URL('./die-at-failpoint.js', import.meta.url)));
  code.searchParams.set('orders', ordersFolder);
  return { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${code.href}`.trim() };
}

/** Each point is hit `count` times: the process that reaches it dies there. Counts what the dying wrote down. */
export async function killAtPoints(
  scene: Scene,
  orders: KillOrders,
  points: readonly KillPoint[],
  count: number,
): Promise<Played> {
  const hits: Record<string, number> = {};
  const recoveryMsMax: Record<string, number> = {};
  for (const point of points) {
    if (point === 'K2') hits['K2 answer'] = await loseAnswers(scene, count);
    for (let hit = 0; hit < count;) {
      const inARow = scene.random.next() < ROW_SHARE ? scene.random.between(2, IN_A_ROW_MAX) : 1;
      const until = Math.min(count, hit + inARow);
      for (; hit < until; hit += 1) await hitOnce(scene, orders, point, inARow > 1 ? 0 : PASSES_AT_MOST);
      const tookMs = await nextWork(scene, FAILPOINTS[point].victim)();
      recoveryMsMax[point] = Math.max(recoveryMsMax[point] ?? 0, tookMs);
      hits[point] = orders.hits().filter(({ name }) => name === FAILPOINTS[point].name).length;
      scene.line(`${point} ${FAILPOINTS[point].name} ${hit}/${count}: at work after ${tookMs} ms`);
      await sleep(scene.random.between(0, PAUSE_MS));
    }
  }
  return { kills: orders.hits().length + (hits['K2 answer'] ?? 0), hits, recoveryMsMax };
}

async function hitOnce({ random }: Scene, orders: KillOrders, point: KillPoint, passesMax: number): Promise<void> {
  const { name } = FAILPOINTS[point];
  const id = orders.hits().length + 1;
  orders.give({ id, name, after: random.between(0, passesMax) });
  const deadlineMs = performance.now() + REACH_MS_MAX;
  for (;;) {
    const hit = orders.hits().find((found) => found.id === id);
    if (hit !== undefined && !isAlive(hit.pid)) return;
    if (performance.now() > deadlineMs)
      throw new Error(
        `${point} ${name} was ${hit === undefined ? 'not reached' : 'survived'} within ${REACH_MS_MAX / 1000} s`,
      );
    await sleep(LOOK_MS);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
