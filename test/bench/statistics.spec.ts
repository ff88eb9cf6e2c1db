import { describe, expect, it } from '@jest/globals';
import { cpuUsPerUnit, fastest, percentile, perSecond } from './statistics.js';

describe('percentile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
  it.each([
    [0, 1],
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])('%d of 1…100 is %d', (share, expected) => expect(percentile(hundred, share)).toBe(expected));
  it('leaves its input alone and refuses nothing', () => {
    expect(hundred[0]).toBe(100);
    expect(() => percentile([], 0.5)).toThrow('no value was measured');
  });
});

describe('stretches', () => {
  const slow = { units: 1000, elapsedMs: 2000, cpuMs: 500 };
  const quick = { units: 1500, elapsedMs: 1000, cpuMs: undefined };
  it('gives units per second and CPU per unit', () => {
    expect(perSecond(slow)).toBe(500);
    expect(cpuUsPerUnit(slow)).toBe(500);
    expect(cpuUsPerUnit(quick)).toBeUndefined();
    expect(cpuUsPerUnit({ units: 0, elapsedMs: 1, cpuMs: 5 })).toBeUndefined();
  });
  it('takes the fastest by rate, not by time or count', () => {
    expect(fastest([slow, quick])).toBe(quick);
    expect(fastest([slow, { units: 1, elapsedMs: 1, cpuMs: 1 }])).toMatchObject({ units: 1 });
    expect(() => fastest([])).toThrow('no round was measured');
  });
});
