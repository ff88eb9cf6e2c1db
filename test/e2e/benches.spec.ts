import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchReport } from '../bench/report.js';
import { runCommand } from '../support/product.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Each brings the whole product up and down; the load itself takes a second or two. */
const BENCH_MS_MAX = 120_000;
const BUILD_MS_MAX = 180_000;

const MINIATURES = [
  ['ocpp', ['--piles', '10'], 'calls/s'],
  ['stop', ['--piles', '4'], 'acknowledged StopTransactions/s'],
  ['settle', ['--count', '80'], 'settlements/s'],
  ['piles', ['--piles', '150'], 'bytes/pile'],
] as const;

/** Whether a goal is met is no test on a shared machine; that there is a figure, and a limit beside it, is. */
describe('benchmarks in miniature', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tallywatt-benches-'));
  beforeAll(() => {
    const tsc = join(ROOT, 'node_modules/@typescript/native/bin/tsc');
    const build = spawnSync(process.execPath, [tsc, '-b'], { cwd: ROOT, encoding: 'utf8' });
    if (build.status !== 0) throw new Error(build.stdout + build.stderr);
  }, BUILD_MS_MAX);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(MINIATURES)(
    '%s',
    async (bench, flags, unit) => {
      const file = join(folder, `${bench}.json`);
      const args = [bench, '--seconds', '1', '--rounds', '1', ...flags, '--json', file];
      const { code, output } = await runCommand('test/dist/bench/main.js', args, BENCH_MS_MAX);
      expect({ code, output }).toEqual({ code: 0, output: expect.stringContaining(`${bench}: ratio `) });
      const report = JSON.parse(readFileSync(file, 'utf8')) as BenchReport;
      expect(report).toMatchObject({ bench, ours: { unit }, limit: { name: expect.any(String) } });
      expect(report.ours.value).toBeGreaterThan(0);
      expect(report.ratio).toBeCloseTo(report.ours.value / report.limit.value);
      expect(typeof report.met).toBe('boolean');
      expect(report.cpu).toEqual({ oursUs: expect.anything(), limitUs: expect.anything(), ratio: expect.anything() });
    },
    BENCH_MS_MAX,
  );

  it('refuses what it does not know, before anything is started', async () => {
    const { code, output } = await runCommand('test/dist/bench/main.js', ['speed'], BENCH_MS_MAX);
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('ocpp, stop, settle, piles') });
  });
});
