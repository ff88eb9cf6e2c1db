import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Prng } from '../support/prng.js';
import type { Scene } from './fault-run.js';
import { POSTGRES_QUEUE } from './faulty-queue.js';
import { alsoWiping, BETWEEN_MS_MAX, wipeQueue } from './queue-wipe.js';

describe('wiping the queue', () => {
  const wipedAtMs: number[] = [];
  const queue = { ...POSTGRES_QUEUE, wipe: async () => void wipedAtMs.push(performance.now()) };
  const scene = { queue, random: new Prng(1), line: () => undefined, load: { stops: [] } } as unknown as Scene;

  it('strikes as often as it says', async () => {
    wipedAtMs.length = 0;
    expect(await wipeQueue(scene, 3, 5)).toEqual({ kills: 0, wipes: 3 });
    expect(wipedAtMs).toHaveLength(3);
    expect(BETWEEN_MS_MAX).toBeLessThanOrEqual(10_000);
  });

  it('goes on beside other faults, and ends with them', async () => {
    wipedAtMs.length = 0;
    const played = await alsoWiping(
      scene,
      5,
      sleep(100).then(() => ({ kills: 2 })),
    );
    expect(played).toEqual({ kills: 2, wipes: wipedAtMs.length });
    expect(played.wipes).toBeGreaterThan(1);
    await sleep(30);
    expect(wipedAtMs).toHaveLength(played.wipes ?? 0);
  });

  it('hides no failure of the others', async () => {
    await expect(alsoWiping(scene, 5, Promise.reject(new Error('hangs')))).rejects.toThrow('hangs');
  });
});
