import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KILL_POINTS } from '../faults/failpoints.js';
import { SETTLED_MS_MAX, type FaultResult } from '../faults/fault-run.js';
import { IN_A_ROW_MAX, REACH_MS_MAX } from '../faults/kill-points.js';
import { RECOVERY_MS_MAX } from '../faults/kill.js';
import { FRAMES_MAX } from '../faults/proxy-faults.js';
import { BETWEEN_MS_MAX } from '../faults/queue-wipe.js';
import { runCommand } from '../support/product.js';

/** About 20 s each on a machine that has nothing else to do. */
const RUN_MS_MAX = 240_000;

/** One per cent of the long runs: the same command, seeds fixed so that a failure replays. */
describe('nothing acknowledged is lost or doubled', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tallywatt-faults-'));
    expect(await runCommand('node_modules/@typescript/native/bin/tsc', ['-b'], RUN_MS_MAX)).toMatchObject({ code: 0 });
  }, RUN_MS_MAX);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each<[string, number, number, readonly string[]]>([
    ['kill', 5, 4, ['--wipe-every', '1500']],
    ['kill', 5, 7, ['--redis', '--wipe-every', '1500']],
    ['kill-points', 1, 6, []],
    ['queue-wipe', 3, 2, ['--redis', '--every-ms', '1000']],
    ['proxy', 5, 3, []],
  ])(
    '%s, %i times, seed %i %j',
    async (fault, count, seed, more) => {
      const json = join(folder, `${fault}-${seed}.json`);
      const flags = ['--seed', String(seed), '--count', String(count), '--json', json, ...more];
      const run = await runCommand('test/dist/faults/main.js', [fault, ...flags], RUN_MS_MAX);
      expect(run).toMatchObject({ code: 0, output: expect.stringContaining(`kept: lost 0, doubled 0, seed ${seed}`) });
      const result = JSON.parse(readFileSync(json, 'utf8')) as FaultResult;
      expect(result).toMatchObject({ lost: 0, doubled: 0, seed, callErrors: 0, violations: [] });
      expect(result.acknowledged).toBeGreaterThan(0);
      expect(result.kills + result.wipes).toBeGreaterThanOrEqual(count);
      if (more.includes('--wipe-every')) expect(result.wipes).toBeGreaterThan(0);
      if (fault === 'kill-points') {
        expect(result.hits).toEqual(Object.fromEntries([...KILL_POINTS, 'K2 answer'].map((point) => [point, count])));
        expect(result.unpaid).toBeGreaterThan(0);
      }
    },
    RUN_MS_MAX,
  );

  it('waits long enough to tell a slow process from one that hangs, and strikes within a session', () => {
    expect(RECOVERY_MS_MAX).toBeGreaterThanOrEqual(10 * 6_000);
    expect(SETTLED_MS_MAX).toBeGreaterThanOrEqual(RECOVERY_MS_MAX);
    expect(BETWEEN_MS_MAX).toBeLessThanOrEqual(10_000);
    // The sweeper and a restart come in between; five kills of one job: reliability.md K5.
    expect(REACH_MS_MAX).toBeGreaterThanOrEqual(RECOVERY_MS_MAX);
    expect(IN_A_ROW_MAX).toBe(5);
    // Boot, Start, Stop of three sessions.
    expect(FRAMES_MAX).toBe(7);
  });
});
