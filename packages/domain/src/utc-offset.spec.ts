import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextTransitionMs, offsetAt } from './utc-offset.js';

describe('UTC offset', () => {
  it('takes the last transition that has begun; the first one also holds before itself', () => {
    const transitions = [
      { fromMs: 100, offsetMinutes: 60 },
      { fromMs: 200, offsetMinutes: 0 },
    ];
    expect([0, 100, 199, 200, 300].map((ms) => offsetAt(transitions, ms))).toEqual([60, 60, 60, 0, 0]);
  });
  it('refuses a station without offsets instead of taking UTC', () => {
    expect(() => offsetAt([], 0)).toThrow(RangeError);
  });

  it('agrees with a walk through any table, and ends where the next one begins', () => {
    const tables = fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(tables, fc.integer({ min: -10, max: 1_010 }), (starts, ms) => {
        const table = starts.toSorted((a, b) => a - b).map((fromMs, index) => ({ fromMs, offsetMinutes: index * 15 }));
        const walked = table.filter(({ fromMs }, index) => index === 0 || fromMs <= ms).at(-1);
        expect(offsetAt(table, ms)).toBe(walked?.offsetMinutes);
        expect(nextTransitionMs(table, ms)).toBe(table.slice(1).find(({ fromMs }) => fromMs > ms)?.fromMs);
      }),
    );
  });
});
