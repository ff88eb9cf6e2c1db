import { describe, expect, it } from '@jest/globals';
import { judge, printed, type Measurement } from './statement.js';

const MEASUREMENT: Measurement = {
  bench: 'figure-7/m-0.1',
  text: 'about 100',
  limit: { name: 'independent count', value: 100, unit: 'ratings' },
  ours: { value: 95, unit: 'ratings' },
  goal: { min: 0.9, max: 1.1 },
};
const judged = (value: number, goal = MEASUREMENT.goal) =>
  judge({ ...MEASUREMENT, goal, ours: { value, unit: 'ratings' } });

describe('a statement', () => {
  it.each([
    [89, false],
    [90, true],
    [110, true],
    [111, false],
    [Infinity, false],
    [Number.NaN, false],
  ])('of 0.9 … 1.1 of 100 with %d is met: %s', (value, met) => {
    expect(judged(value).met).toBe(met);
  });

  it('may be open on one side, but not for what is no number', () => {
    expect(judged(1_000, { min: 1 }).met).toBe(true);
    expect(judged(-5, { max: 1 }).met).toBe(true);
    expect(judged(Number.NaN, {}).met).toBe(false);
  });

  it('prints verdict, name and measured value', () => {
    expect(printed(judged(95))).toMatch(
      /^kept {3}figure-7\/m-0\.1 +95 ratings +about 100 \(independent count: 100 ratings\)$/,
    );
    expect(printed(judged(Infinity))).toMatch(/^BROKEN .* never ratings/);
    expect(printed(judged(0.12345))).toContain('0.123 ratings');
  });
});
