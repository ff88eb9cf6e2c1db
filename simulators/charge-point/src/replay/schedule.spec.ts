import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { playInOrder } from './schedule.js';

const tick = (turns: number): Promise<void> =>
  new Promise((resolve) => {
    const next = (left: number): void => void (left === 0 ? resolve() : setImmediate(() => next(left - 1)));
    next(turns);
  });

describe('playInOrder', () => {
  it('keeps the order per key, runs one per key, never more than the limit, and plays everything once', async () => {
    const item = fc.record({ connector: fc.nat(4), user: fc.option(fc.nat(4)), turns: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 40 }), fc.integer({ min: 1, max: 6 }), async (rows, limit) => {
        const items = rows.map((row, index) => ({
          index,
          turns: row.turns,
          keys: [`c${row.connector}`, ...(row.user === null ? [] : [`u${row.user}`])],
        }));
        const busy = new Set<string>();
        const last = new Map<string, number>();
        let running = 0;
        let played = 0;
        await playInOrder(items, limit, async ({ index, turns, keys }) => {
          running += 1;
          expect(running).toBeLessThanOrEqual(limit);
          for (const key of keys) {
            expect(busy.has(key)).toBe(false);
            expect(last.get(key) ?? -1).toBeLessThan(index);
            busy.add(key);
            last.set(key, index);
          }
          await tick(turns);
          for (const key of keys) busy.delete(key);
          running -= 1;
          played += 1;
        });
        expect(played).toBe(items.length);
      }),
      { numRuns: 60 },
    );
  });

  it('stops at the first error and throws it', async () => {
    const started: number[] = [];
    const items = [0, 1, 2].map((index) => ({ index, keys: ['only'] }));
    const run = playInOrder(items, 4, ({ index }) => {
      started.push(index);
      return index === 1 ? Promise.reject(new Error('row 1')) : Promise.resolve();
    });
    await expect(run).rejects.toThrow('row 1');
    expect(started).toEqual([0, 1]);
  });
});
