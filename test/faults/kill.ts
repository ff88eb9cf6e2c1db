import { setTimeout as sleep } from 'node:timers/promises';
import { pidOf, VICTIMS, type VictimName } from '../support/product-processes.js';
import { until } from '../support/product.js';
import type { Played, Scene } from './fault-run.js';
import type { FaultyQueue } from './faulty-queue.js';

/** A process that is not at work again by then hangs. */
export const RECOVERY_MS_MAX = 60_000;
const PAUSE_MS = 1_000;
/** Share of kills that take a second process along. */
const DOUBLE_SHARE = 0.15;

/** A process of the product, or the server of its queue. */
export type Victim = VictimName | 'redis';
type Victims = readonly [Victim, ...Victim[]];

/** Who can be killed in a run on this queue. */
export function victimsOf(queue: FaultyQueue): Victims {
  return queue.killServer === undefined ? VICTIMS : [...VICTIMS, 'redis'];
}

/** `kill -9` of a seeded random process, `count` times; after each one waits until its kind of work goes on. */
export async function killAtRandom(scene: Scene, count: number, victims: Victims): Promise<Played> {
  const recoveryMsMax: Partial<Record<Victim, number>> = {};
  let kills = 0;
  while (kills < count) {
    await sleep(scene.random.between(0, PAUSE_MS));
    const victim = scene.random.pick(victims);
    const atWork = await killOne(scene, victim);
    kills += 1;
    const isAlone = scene.random.next() >= DOUBLE_SHARE || kills >= count;
    if (!isAlone) {
      await killOne(scene, scene.random.pick(victims));
      kills += 1;
    }
    const tookMs = await atWork();
    if (isAlone) recoveryMsMax[victim] = Math.max(recoveryMsMax[victim] ?? 0, tookMs);
    scene.line(`${kills}/${count} ${victim}${isAlone ? '' : ' and another'}: at work after ${tookMs} ms`);
  }
  return { kills, recoveryMsMax };
}

async function killOne(scene: Scene, victim: Victim): Promise<() => Promise<number>> {
  const { product, queue } = scene;
  if (victim === 'redis') {
    await queue.killServer?.();
    return nextWork(scene, victim);
  }
  const pid = await until(
    `${victim} runs`,
    () => Promise.resolve(pidOf(victim, product.pid, product.dataFolder)),
    (found) => found !== undefined,
    RECOVERY_MS_MAX,
  );
  if (pid !== undefined) killProcess(pid);
  return nextWork(scene, victim);
}

/** Answers a wait for the next unit of work from now on; it resolves with the ms that it took. */
export function nextWork({ load, books }: Pick<Scene, 'load' | 'books'>, victim: Victim): () => Promise<number> {
  const killedAtMs = performance.now();
  const settles = victim === 'settlement' || victim === 'redis';
  const next = settles ? nextFinal(books) : load.nextAcknowledgement();
  return async () => {
    const isBack = await Promise.race([next.then(() => true), sleep(RECOVERY_MS_MAX, false, { ref: false })]);
    if (!isBack) throw new Error(`${victim} did not work again within ${RECOVERY_MS_MAX / 1000} s of its kill`);
    return Math.round(performance.now() - killedAtMs);
  };
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It died since we looked: the other fault of a pair took it along.
  }
}

async function nextFinal(books: Scene['books']): Promise<void> {
  const before = await books.finals();
  while ((await books.finals()) <= before) await sleep(50);
}
