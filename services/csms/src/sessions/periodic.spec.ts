import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Periodic } from './periodic.js';

Logger.overrideLogger(false);

describe('Periodic', () => {
  it('goes on after a fault, one round at a time, and stops after the round under way', async () => {
    let rounds = 0;
    let running = 0;
    let together = 0;
    const periodic = new Periodic('test', 1, async () => {
      rounds++;
      together = Math.max(together, ++running);
      await sleep(5);
      running--;
      throw new Error('each time');
    });
    periodic.start();
    await sleep(60);
    await periodic.stop();
    const atStop = rounds;
    await sleep(30);
    expect(atStop).toBeGreaterThan(1);
    expect([rounds, running, together]).toEqual([atStop, 0, 1]);
  });
});
