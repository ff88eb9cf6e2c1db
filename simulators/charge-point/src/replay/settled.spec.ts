import { afterEach, describe, expect, it } from '@jest/globals';
import { readCredentials } from '../credentials.js';
import { FakeProduct } from '../testing/product.js';
import { ReplayedSessions, STANDSTILL_MS_MAX } from './settled.js';

const product = new FakeProduct();
afterEach(() => product.stop());

describe('ReplayedSessions', () => {
  it('waits while something moves, and gives up on a standstill', async () => {
    let nowMs = 0;
    const clock = { nowMs: () => nowMs, sleep: () => Promise.resolve(void (nowMs += STANDSTILL_MS_MAX / 4)) };
    const credentials = readCredentials(await product.start());
    const sessions = new ReplayedSessions(credentials, ['S'], clock);
    expect(await sessions.waitUntilSettled(() => undefined)).toBe(0);

    product.addSession({ stationId: 'S', status: 'closed', settlement: { state: 'submitted', code: null } });
    const seen: number[] = [];
    expect(await sessions.waitUntilSettled((moving) => void seen.push(moving))).toBe(1);
    expect(nowMs).toBeGreaterThan(STANDSTILL_MS_MAX);
    expect(seen.length).toBeGreaterThan(3);
    expect(await sessions.count()).toBe(1);
    expect(await sessions.all()).toHaveLength(1);
  });
});
