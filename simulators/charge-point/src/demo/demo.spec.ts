import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.js';
import { FakeProduct } from '../testing/product.js';
import { FAREWELL_MS_MAX, demo } from './demo.js';

let product: FakeProduct;
let words: string;

beforeEach(() => {
  product = new FakeProduct();
  words = '';
});
afterEach(() => product.stop());

/** Runs the demo until `enough`, then ends it. */
async function run(credentials: string, enough: () => boolean, beforeTheEnd = (): void => undefined): Promise<number> {
  const ending = new AbortController();
  const running = demo(
    { credentials, seed: 1 },
    { isTTY: false, write: (text) => void (words += text) },
    systemClock,
    ending.signal,
  );
  for (let turn = 0; turn < 1000 && !enough(); turn += 1) await systemClock.sleep(20);
  beforeTheEnd();
  ending.abort();
  return running;
}
const live = () => [...product.sessions.values()].filter((session) => session.chargePointId.includes('-DC-'));

describe('demo', () => {
  it('fills an empty product, charges, ends in order, and plays the past only once', async () => {
    const credentials = await product.start();
    expect(await run(credentials, () => live().length >= 4)).toBe(0);
    expect(words).toContain('demo: 143 stations, 24 piles, 32 drivers');
    expect(words).toMatch(/\d{3} sessions of the last seven days played/);
    expect(product.posts.filter((path) => path === '/v1/stations')).toHaveLength(143);
    expect(live().every((session) => session.status === 'closed')).toBe(true);

    const past = product.sessions.size - live().length;
    const begun = live().length;
    await run(credentials, () => live().length > begun);
    expect(product.sessions.size - live().length).toBe(past);
  }, 30_000);

  it('ends in time when the central system is gone', async () => {
    let goneMs = 0;
    const credentials = await product.start();
    await run(
      credentials,
      () => live().length >= 4,
      () => {
        goneMs = Date.now();
        product.stop();
      },
    );
    expect(Date.now() - goneMs).toBeLessThan(FAREWELL_MS_MAX + 2000);
  }, 30_000);
});
