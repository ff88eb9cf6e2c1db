import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LedgerStatusView, PageView, ReconciliationView } from '@tallywatt/contracts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MemoryWatch } from '../support/memory-watch.js';
import { pidOf } from '../support/product-processes.js';
import { Product, runCommand, until } from '../support/product.js';

const RECORDING = fileURLToPath(new URL('../../../shared/data/dundee-2018-06-to-09.csv', import.meta.url));
const START_MS_MAX = 120_000;
/** 19,227 sessions at a tenth of the goal rate, on a machine that does other things as well. */
const REPLAY_MS_MAX = 20 * 60_000;
const SUPERVISION = 'SUPERVISION';
/**
 * How far the last third of the replay may stand above the middle one: in csms a leak of 8 kB per session shows. Settlement
 * still grows, by up to 70 MB as measured; its bound keeps that from getting worse.
 */
const GROWTH_BYTES_MAX = { csms: 50_000_000, settlement: 150_000_000 } as const;
const RESIDENT_BYTES_MAX = 600_000_000;

interface ReplayFigures {
  readonly rows: number;
  readonly final: number;
  readonly quarantined: Readonly<Record<string, number>>;
  readonly refused: Readonly<Record<string, number>>;
  readonly unaccounted: number;
  readonly sessionsPerSecond: number;
  readonly created: { readonly sessions: number };
}

/** Four months of real charging, with their dirt: every row accounted for, every bill recomputed, nothing twice. */
describe('recorded sessions become bills', () => {
  let product: Product;
  beforeAll(async () => {
    if (!existsSync(RECORDING)) throw new Error('The recording is expected in ../shared/data beside the repository.');
    product = await Product.create();
    await product.start('--no-sim');
  }, START_MS_MAX);
  afterAll(() => product.destroy(), START_MS_MAX);

  const file = (name: string): string => join(product.dataFolder, name);
  const replay = async (run: string): Promise<ReplayFigures> => {
    const outputs = ['--classes', file(`${run}.csv`), '--json', file(`${run}.json`)];
    const replayed = await runCommand(
      'simulators/charge-point/dist/main.js',
      ['replay', RECORDING, '--credentials', product.credentialsFile, ...outputs],
      REPLAY_MS_MAX,
    );
    expect(replayed).toMatchObject({ code: 0 });
    return JSON.parse(readFileSync(file(`${run}.json`), 'utf8')) as ReplayFigures;
  };
  const supervisor = (): string => product.tokenOf('supervisor', SUPERVISION);
  const ledger = async () => (await product.api('GET', '/v1/ledger', supervisor())).body as LedgerStatusView;
  const count = async (path: string) =>
    ((await product.api('GET', `${path}?limit=1&count=true`, supervisor())).body as PageView<unknown>).total;

  it(
    'accounts for every row in exactly one class, as predicted from the file and the rules alone',
    async () => {
      const watches = (['csms', 'settlement'] as const).map((name) => {
        const pid = pidOf(name, product.pid, product.dataFolder);
        if (pid === undefined) throw new Error(`${name} does not run`);
        return { name, watch: new MemoryWatch(pid) };
      });
      const figures = await replay('first');
      for (const { name, watch } of watches) {
        const { growthBytes, peakBytes } = watch.end();
        process.stdout.write(
          `${name}: ${peakBytes / 1e6} MB at most, ${growthBytes / 1e6} MB more in the last third\n`,
        );
        expect({ name, isFlat: growthBytes < GROWTH_BYTES_MAX[name] }).toEqual({ name, isFlat: true });
        expect(peakBytes).toBeLessThan(RESIDENT_BYTES_MAX);
      }
      const quarantined = Object.values(figures.quarantined).reduce((sum, rows) => sum + rows, 0);
      const refused = Object.values(figures.refused).reduce((sum, rows) => sum + rows, 0);
      expect(figures.unaccounted).toBe(0);
      expect(figures.final + quarantined + refused).toBe(figures.rows);
      expect(figures.rows).toBe(19_227);
      process.stdout.write(`replayed at ${figures.sessionsPerSecond} sessions/s\n`);
      const compared = await runCommand(
        'test/dist/replay/predict-rows.js',
        [RECORDING, '--compare', file('first.csv')],
        60_000,
      );
      expect(compared).toMatchObject({ code: 0 });
    },
    REPLAY_MS_MAX,
  );

  it(
    'bills what an independent script works out from tariff and row',
    async () => {
      const recomputed = await runCommand(
        'test/dist/replay/recompute-bills.js',
        [RECORDING, '--credentials', product.credentialsFile],
        300_000,
      );
      expect(recomputed).toMatchObject({ code: 0 });
      expect(recomputed.output).toContain('0 differences');
    },
    REPLAY_MS_MAX,
  );

  it(
    'matches charger evidence, jobs and bills without a break',
    async () => {
      const created = await product.api('POST', '/v1/reconciliations', supervisor(), {
        from: '2018-01-01T00:00:00Z',
        to: '2100-01-01T00:00:00Z',
      });
      const { id } = created.body as ReconciliationView;
      const read = async () =>
        (await product.api('GET', `/v1/reconciliations/${id}`, supervisor())).body as ReconciliationView;
      const run = await until('the reconciliation ends', read, ({ state }) => state === 'done', 300_000);
      expect(run).toMatchObject({ breaks: 0, inFlight: 0 });
      expect(run.evidence).toEqual(run.jobs);
      expect(run.jobs).toEqual(run.bills);
      expect(run.matched).toBe(run.bills.count);
      expect(run.matched + run.quarantined).toBe(19_227 - 25);
    },
    REPLAY_MS_MAX,
  );

  it(
    'conserves money, and the chain verifies',
    async () => {
      expect((await ledger()).supply.conserved).toBe(true);
      const verified = await runCommand(
        'deploy/local/ledger.mjs',
        ['verify', '--data', product.dataFolder, '--json', file('verify.json')],
        600_000,
      );
      expect(verified).toMatchObject({ code: 0 });
    },
    REPLAY_MS_MAX,
  );

  it(
    'changes nothing when it is played again: not one session, bill or fen',
    async () => {
      const facts = async () => ({
        height: (await ledger()).height,
        supply: (await ledger()).supply,
        sessions: await count('/v1/sessions'),
        bills: await count('/v1/bills'),
      });
      const before = await facts();
      const again = await replay('again');
      expect(again.created.sessions).toBe(0);
      expect(readFileSync(file('again.csv'), 'utf8')).toBe(readFileSync(file('first.csv'), 'utf8'));
      expect(await facts()).toEqual(before);
    },
    REPLAY_MS_MAX,
  );
});
