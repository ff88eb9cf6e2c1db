import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../clock.js';
import { FakeProduct } from '../testing/product.js';
import { PILES_MAX, fleet } from './fleet.js';

let product: FakeProduct;
const json = join(mkdtempSync(join(tmpdir(), 'fleet-')), 'fleet.json');
const output = { isTTY: false, write: () => undefined };

beforeEach(() => {
  product = new FakeProduct();
});
afterEach(() => product.stop());

describe('fleet', () => {
  it('runs every session of every pile, faults or not, and reports with units', async () => {
    const credentials = await product.start();
    const options = { credentials, seed: 3, json, piles: 20, sessions: 2, sessionSeconds: 0.05, faults: 0.1 };
    expect(await fleet(options, output, systemClock)).toBe(0);
    const figures = JSON.parse(readFileSync(json, 'utf8'));
    expect(figures).toMatchObject({ piles: 20, seed: 3, roundTripMs: { p50: expect.any(Number) } });
    expect(figures.sessionsFinished + figures.sessionsRefused).toBe(40);
    expect(Object.keys(figures.faults).length).toBeGreaterThan(1);
    // A fault delays or repeats a transaction message; it never makes a second session of it.
    expect(product.sessions.size).toBe(figures.sessionsFinished);
    expect([...product.sessions.values()].every((session) => session.status === 'closed')).toBe(true);
  }, 30_000);

  it('refuses more piles than one process should carry', async () => {
    const options = { credentials: 'unread', seed: 1, piles: PILES_MAX + 1, sessions: 1, sessionSeconds: 1, faults: 0 };
    await expect(fleet(options, output, systemClock)).rejects.toThrow('at most 10000');
  });
});
