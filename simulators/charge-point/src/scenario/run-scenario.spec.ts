import { readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.js';
import { FakeProduct } from '../testing/product.js';
import { runScenario } from './run-scenario.js';
import { readScenario, scenarioSchema } from './scenario.js';

const FOLDER = new URL('../../scenarios/', import.meta.url).pathname;
let product: FakeProduct;
let words: string;

beforeEach(() => {
  product = new FakeProduct();
  words = '';
});
afterEach(() => product.stop());

async function run(name: string): Promise<number> {
  const options = { file: `${FOLDER}${name}.json`, credentials: await product.start(), seed: 7, patienceMs: 300 };
  return runScenario(options, { isTTY: false, write: (text) => void (words += text) }, systemClock);
}

describe('scenario files', () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
  it.each(files)('%s is well formed and named as its file', (file) =>
    expect(`${readScenario(FOLDER + file).name}.json`).toBe(file),
  );

  it('refuses what it does not know', () => {
    const plain = readScenario(`${FOLDER}plain-session.json`);
    expect(scenarioSchema.safeParse({ ...plain, steps: [{ do: 'explode', pile: 'a' }] }).success).toBe(false);
    expect(scenarioSchema.safeParse({ ...plain, surprise: 1 }).success).toBe(false);
  });
});

describe('runScenario', () => {
  // The fake product knows natural keys, retries and inferred closes, no more.
  it.each([
    'plain-session',
    'retried-start',
    'retried-stop',
    'lost-answers',
    'duplicated-frames',
    'cut-sockets',
    'unknown-energy',
    'offline-queue',
    'restarted-counters',
    'unknown-tag',
  ])('%s ends as expected', async (name) => {
    expect(await run(name)).toBe(0);
    expect(words).toContain('as expected');
  });

  it('keeps the times of an offline session and sends everything in order', async () => {
    await run('offline-queue');
    const actions = product.central?.frames.map((frame) => (JSON.parse(frame) as string[])[2]);
    expect(actions).toEqual(['BootNotification', 'StartTransaction', 'MeterValues', 'StopTransaction']);
    expect(product.central?.callsOf('StopTransaction')[0]?.[3]).toMatchObject({
      transactionId: 1,
      timestamp: '2018-06-01T11:00:00.000Z',
    });
  });

  it('says what is not as expected, and fails', async () => {
    expect(await run('meter-rollback')).toBe(1);
    expect(words).toContain('s: settlement is final instead of quarantined');
    expect(words).toContain('2 expectations unmet');
  });
});
