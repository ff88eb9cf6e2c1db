import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FuzzReport } from '../fuzz/report.js';
import { runCommand } from '../support/product.js';

/** Together about half a minute on a quiet machine. */
const RUN_MS_MAX = 300_000;

/** The long runs' command with fewer frames; seeds fixed so that a failure replays. */
describe('garbage neither ends the product nor changes a bill', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tallywatt-fuzz-'));
    expect(await runCommand('node_modules/@typescript/native/bin/tsc', ['-b'], RUN_MS_MAX)).toMatchObject({ code: 0 });
  }, RUN_MS_MAX);
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['in-process', 20_000, 11],
    ['sockets', 5_000, 12],
  ])(
    '%s, %i frames',
    async (mode, frames, seed) => {
      const json = join(folder, `${mode}.json`);
      const flags = ['--frames', String(frames), '--seed', String(seed), '--json', json];
      const run = await runCommand('test/dist/fuzz/main.js', [mode, ...flags], RUN_MS_MAX);
      expect(run).toMatchObject({ code: 0, output: expect.stringContaining(`held: ${mode}, seed ${seed}`) });
      const report = JSON.parse(readFileSync(json, 'utf8')) as FuzzReport;
      expect(report).toMatchObject({ held: true, faults: [], crashes: [], violations: [], billsWrong: [], seed });
      expect(report.frames).toBeGreaterThanOrEqual(frames * 0.95);
      expect(report.billsRight).toBeGreaterThan(frames / 500);
    },
    RUN_MS_MAX,
  );
});
