import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SETTLED_MS_MAX } from '../faults/fault-run.js';
import { RECOVERY_MS_MAX } from '../faults/kill.js';
import { FRAMES_MAX } from '../faults/proxy-faults.js';
import { BETWEEN_MS_MAX } from '../faults/queue-wipe.js';
import { runCommand } from '../support/product.js';

const RUN_MS_MAX = 120_000;

/** One per cent of the long runs: the same command, seeds fixed so that a failure replays. */
describe('nothing acknowledged is lost or doubled', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tallywatt-faults-'));
    expect(await runCommand('node_modules/@typescript/native/bin/tsc', ['-b'], RUN_MS_MAX)).toMatchObject({ code: 0 });
  }, RUN_MS_MAX);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['kill', 5, 4],
    ['queue-wipe', 3, 2],
    ['proxy', 5, 3],
  ])(
    '%s, %i times',
    async (fault, count, seed) => {
      const json = join(folder, `${fault}.json`);
      const flags = ['--seed', String(seed), '--count', String(count), '--json', json];
      const run = await runCommand('test/dist/faults/main.js', [fault, ...flags], RUN_MS_MAX);
      expect(run).toMatchObject({ code: 0, output: expect.stringContaining(`kept: lost 0, doubled 0, seed ${seed}`) });
      const result = JSON.parse(readFileSync(json, 'utf8')) as { acknowledged: number; kills: number };
      expect(result).toMatchObject({ lost: 0, doubled: 0, seed, callErrors: 0, violations: [] });
      expect(result.acknowledged).toBeGreaterThan(0);
      expect(result.kills).toBeGreaterThanOrEqual(count);
    },
    RUN_MS_MAX,
  );

  it('waits long enough to tell a slow process from one that hangs, and strikes within a session', () => {
    expect(RECOVERY_MS_MAX).toBeGreaterThanOrEqual(10 * 6_000);
    expect(SETTLED_MS_MAX).toBeGreaterThanOrEqual(RECOVERY_MS_MAX);
    expect(BETWEEN_MS_MAX).toBeLessThanOrEqual(10_000);
    // Boot, Start, Stop of three sessions.
    expect(FRAMES_MAX).toBe(7);
  });
});
