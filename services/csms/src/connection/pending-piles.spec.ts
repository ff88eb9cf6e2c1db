import { describe, expect, it } from '@jest/globals';
import { PENDING_PILES_MAX } from './limits.js';
import { MemoryPendingPiles } from './pending-piles.js';

describe('MemoryPendingPiles', () => {
  it('counts attempts, newest first, until the pile is registered', async () => {
    const pending = new MemoryPendingPiles();
    pending.note('A', '10.0.0.1', 1);
    pending.note('B', '10.0.0.2', 2);
    pending.note('A', '10.0.0.3', 3);
    expect(await pending.list()).toEqual([
      { chargePointId: 'A', remoteAddress: '10.0.0.3', firstSeenAtMs: 1, lastSeenAtMs: 3, attempts: 2 },
      { chargePointId: 'B', remoteAddress: '10.0.0.2', firstSeenAtMs: 2, lastSeenAtMs: 2, attempts: 1 },
    ]);
    await pending.remove('A');
    expect((await pending.list()).map(({ chargePointId }) => chargePointId)).toEqual(['B']);
  });

  it('is capped: the one that was seen longest ago goes first', async () => {
    const pending = new MemoryPendingPiles();
    for (let pile = 0; pile <= PENDING_PILES_MAX; pile++) pending.note(`P${pile}`, '10.0.0.1', pile);
    expect(await pending.list()).toHaveLength(PENDING_PILES_MAX);
    expect((await pending.list()).at(-1)?.chargePointId).toBe('P1');
  });
});
