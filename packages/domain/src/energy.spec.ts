import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { registerAt, registerPoints } from './energy.js';

const point = (atMs: number, registerWh: bigint) => ({ atMs, registerWh });

describe('register between readings', () => {
  const points = [point(0, 100n), point(1_000, 200n), point(3_000, 201n)];
  it.each([
    [-1, 100n],
    [0, 100n],
    [500, 150n],
    [999, 199n],
    [1_000, 200n],
    [2_999, 200n],
    [3_000, 201n],
    [9_999, 201n],
  ])('at %d ms is %d Wh, floored', (atMs, registerWh) => expect(registerAt(points, atMs)).toBe(registerWh));

  it('takes the later value of a session without duration', () => {
    expect(registerAt([point(5, 1n), point(5, 9n)], 5)).toBe(1n);
    expect(registerAt([point(5, 1n), point(5, 9n)], 6)).toBe(9n);
  });

  it('refuses an empty list', () => expect(() => registerAt([], 0)).toThrow(RangeError));

  it('never falls and never leaves [E_s, E_e]', () => {
    const reading = fc.record({ atMs: fc.integer({ min: -100, max: 1_100 }), registerWh: fc.bigInt(-10n, 2_000n) });
    fc.assert(
      fc.property(fc.array(reading), fc.bigInt(0n, 1_500n), (readings, stopWh) => {
        const used = registerPoints(point(0, 0n), point(1_000, stopWh), readings);
        let last = 0n;
        for (let atMs = 0; atMs <= 1_000; atMs += 50) {
          const now = registerAt(used, atMs);
          expect(now >= last && now <= stopWh).toBe(true);
          last = now;
        }
      }),
    );
  });
});

describe('usable readings', () => {
  it('are inside the session, in order and between the registers; the others are left out', () => {
    const used = registerPoints(point(0, 100n), point(1_000, 200n), [
      point(500, 150n),
      point(200, 120n),
      point(0, 110n),
      point(1_000, 190n),
      point(700, 149n),
      point(800, 201n),
      point(900, 150n),
    ]);
    expect(used.map(({ atMs }) => atMs)).toEqual([0, 200, 500, 900, 1_000]);
  });

  it('take the lower of two registers at one time, whichever came first', () => {
    const twins = [point(500, 120n), point(500, 110n)];
    for (const readings of [twins, twins.toReversed()]) {
      expect(registerPoints(point(0, 100n), point(1_000, 200n), readings)[1]).toEqual(point(500, 110n));
    }
  });
});
