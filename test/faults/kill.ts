import { setTimeout as sleep } from 'node:timers/promises';
import { pidOf, type VictimName } from '../support/product-processes.js';
import { until } from '../support/product.js';
import type { Played, Scene } from './fault-run.js';

/** A process that is not at work again by then hangs. */
export const RECOVERY_MS_MAX = 60_000;
const PAUSE_MS = 1_000;
/** Share of kills that take a second process along. */
const DOUBLE_SHARE = 0.15;

/** `kill -9` of a seeded random process, `count` times; after each one waits until its kind of work goes on. */
export async function killAtRandom(
  scene: Scene,
  count: number,
  victims: readonly [VictimName, ...VictimName[]],
): Promise<Played> {
  const recoveryMsMax: Partial<Record<VictimName, number>> = {};
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

/** Kills it, and answers a wait for its next unit of work that resolves with the ms it took. */
async function killOne({ product, load, books }: Scene, victim: VictimName): Promise<() => Promise<number>> {
  const pid = await until(
    `${victim} runs`,
    () => Promise.resolve(pidOf(victim, product.pid, product.dataFolder)),
    (found) => found !== undefined,
    RECOVERY_MS_MAX,
  );
  if (pid !== undefined) killProcess(pid);
  const killedAtMs = performance.now();
  const next = victim === 'settlement' ? nextFinal(books) : load.nextAcknowledgement();
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
