import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from '@jest/globals';
import { MovingClock, SharedDays } from './moving-clock.js';

const clock = new MovingClock();
afterAll(() => clock.remove());

/** What a Node process of the product takes for the time. */
function timesOfAChild(): number[] {
  const script = 'console.log(JSON.stringify([Date.now(), +new Date(), Date.parse(Date()), +new Date(5)]))';
  const env = { PATH: process.env['PATH'], ...clock.env };
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8' })) as number[];
}

describe('MovingClock', () => {
  it('is the time of every process that loads it, before and after a day', async () => {
    for (const _ of [0, 1]) {
      const [now = 0, made = 0, told = 0, given = 0] = timesOfAChild();
      for (const time of [now, made, told]) expect(Math.abs(time - clock.nowMs())).toBeLessThan(20_000);
      expect(given).toBe(5);
      await clock.passDay();
    }
    expect(clock.nowMs() - Date.now()).toBeGreaterThan(48 * 3_600_000);
  });
});

describe('SharedDays', () => {
  it('lets a day pass when every story waits or has ended, for all of them at once', async () => {
    let days = 0;
    const shared = new SharedDays(3, async () => void (days += 1));
    const told: string[] = [];
    const first = shared.next().then(() => told.push('first'));
    const second = shared.next().then(() => told.push('second'));
    await Promise.resolve();
    expect(days).toBe(0);
    await shared.leave();
    await Promise.all([first, second]);
    expect([days, told]).toEqual([1, ['first', 'second']]);
    await shared.leave();
    await shared.next();
    expect(days).toBe(2);
  });
});
