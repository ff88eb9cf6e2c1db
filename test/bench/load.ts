import { setTimeout as sleep } from 'node:timers/promises';
import { BenchPile, type PileAddress } from './bench-pile.js';
import type { CallTemplate } from './call-template.js';
import { cpuMsOf } from './process-figures.js';
import type { Stretch } from './statistics.js';

const ERROR_DIGIT = '4'.charCodeAt(0);
/** Second tries of a pile whose upgrade was refused or reset. */
const REDIAL_MS = 500;
export const DIALS_MAX = 20;

/** Opens all piles, `atOnce` handshakes in parallel; each dials again until it is in. */
export async function openPiles(addresses: readonly PileAddress[], atOnce: number): Promise<BenchPile[]> {
  const waiting = [...addresses];
  const open: BenchPile[] = [];
  const dial = async (): Promise<void> => {
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) open.push(await redial(address));
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, addresses.length) }, dial));
  return open;
}

/** @throws the last fault after {@link DIALS_MAX} attempts. */
export async function redial(address: PileAddress, waitMs = REDIAL_MS): Promise<BenchPile> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await BenchPile.open(address);
    } catch (fault) {
      if (attempt === DIALS_MAX) throw fault;
      await sleep(waitMs);
    }
  }
}

/** Runs `load` and notes its time and the CPU of these processes. The load answers its units. */
export async function stretch(pids: readonly number[], load: () => Promise<number>): Promise<Stretch> {
  const cpuBeforeMs = cpuMsOf(pids);
  const startedAtMs = performance.now();
  const units = await load();
  const elapsedMs = performance.now() - startedAtMs;
  const cpuAfterMs = cpuMsOf(pids);
  const cpuMs = cpuBeforeMs === undefined || cpuAfterMs === undefined ? undefined : cpuAfterMs - cpuBeforeMs;
  return { units, elapsedMs, cpuMs };
}

/**
 * Closed loop: each pile calls again when it is answered, until the time is over.
 * @returns answered calls. @throws when a pile was answered with CALLERROR or lost its socket.
 */
export async function closedLoop(
  piles: readonly BenchPile[],
  templateOf: () => CallTemplate,
  durationMs: number,
): Promise<number> {
  const endsAtMs = performance.now() + durationMs;
  let calls = 0;
  const loop = (pile: BenchPile): Promise<void> =>
    new Promise((resolve, reject) => {
      const template = templateOf();
      const onAnswer = (payload: Buffer): void => {
        if (payload[1] === ERROR_DIGIT) return reject(new Error(`${pile.id} was answered ${payload.toString()}`));
        calls++;
        if (performance.now() >= endsAtMs) return resolve();
        pile.send(template.next(), onAnswer);
      };
      pile.call(template.next()).then(onAnswer, reject);
    });
  await Promise.all(piles.map(loop));
  return calls;
}

/**
 * Open loop: `perSecond` calls, spread evenly over the piles. A pile has one call in flight; one that is due earlier waits
 * for its turn, and its latency counts from when it was due. @returns latency in milliseconds of each call
 */
export async function pacedLoop(
  piles: readonly BenchPile[],
  templates: readonly CallTemplate[],
  perSecond: number,
  durationMs: number,
): Promise<number[]> {
  const startedAtMs = performance.now();
  const running: Promise<number>[] = [];
  const turns: Promise<unknown>[] = piles.map(() => Promise.resolve());
  for (let elapsedMs = 0; elapsedMs < durationMs; elapsedMs = performance.now() - startedAtMs) {
    for (const due = (elapsedMs * perSecond) / 1000; running.length < due;) {
      const index = running.length % piles.length;
      const [pile, template] = [piles[index], templates[index]];
      if (pile === undefined || template === undefined) throw new Error('a load needs piles, each with a call');
      const call = timed(pile, template, turns[index]);
      turns[index] = call;
      running.push(call);
    }
    await sleep(TICK_MS);
  }
  return Promise.all(running);
}
const TICK_MS = 5;

async function timed(pile: BenchPile, template: CallTemplate, turn: Promise<unknown> | undefined): Promise<number> {
  const dueAtMs = performance.now();
  await turn;
  await pile.call(template.next());
  return performance.now() - dueAtMs;
}
