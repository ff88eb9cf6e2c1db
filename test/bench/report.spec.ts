import { describe, expect, it } from '@jest/globals';
import { linesOf, reportOf, type Measured } from './report.js';

const MEASURED: Measured = {
  bench: 'ocpp',
  limit: { name: 'bare ws', value: 40_000, unit: 'calls/s' },
  ours: { value: 30_000, unit: 'calls/s' },
  goal: { of: 'ratio', atLeast: 0.75 },
  cpu: { oursUs: 40, limitUs: 20 },
  also: [],
};

describe('reportOf', () => {
  it('divides by the limit and meets a goal at its edge', () => {
    expect(reportOf(MEASURED)).toMatchObject({ ratio: 0.75, goal: 0.75, met: true, cpu: { ratio: 0.5 } });
  });

  it.each([
    ['a ratio below its goal', { ours: { value: 29_999, unit: 'calls/s' } }, false],
    ['a ratio above its bound', { goal: { of: 'ratio', atMost: 0.7 } }, false],
    ['a figure of ours that reaches its own goal', { goal: { of: 'ours', atLeast: 30_000 } }, true],
    ['a figure of ours that does not', { goal: { of: 'ours', atLeast: 30_001 } }, false],
    ['a further goal missed', { also: [{ name: 'p99', value: 101, unit: 'ms', goal: { atMost: 100 } }] }, false],
    ['a further goal kept', { also: [{ name: 'p99', value: 100, unit: 'ms', goal: { atMost: 100 } }] }, true],
    ['a further figure without a goal', { also: [{ name: 'p99', value: 9e9, unit: 'ms' }] }, true],
  ] as const)('%s', (_what, change, met) => {
    expect(reportOf({ ...MEASURED, ...change }).met).toBe(met);
  });

  it.each([
    ['no limit', { limit: { name: 'x', value: 0, unit: 'x' } }],
    ['no figure', { ours: { value: Number.NaN, unit: 'x' } }],
  ])('refuses to judge with %s', (_what, change) => {
    expect(() => reportOf({ ...MEASURED, ...change })).toThrow('ocpp: nothing was measured');
  });

  it('says null where CPU is unknown', () => {
    const report = reportOf({ ...MEASURED, cpu: { oursUs: undefined, limitUs: 20 } });
    expect(report.cpu).toEqual({ oursUs: null, limitUs: 20, ratio: null });
    expect(linesOf(report).join('\n')).toContain('ours unknown, limit 20.00 µs');
  });
});

describe('linesOf', () => {
  it('leads with ratio and verdict', () => {
    expect(linesOf(reportOf(MEASURED))[0]).toBe('ocpp: ratio 0.75 (goal 0.75): met');
    const also = [{ name: 'p99', value: 250, unit: 'ms', goal: { atMost: 100 } }];
    const lines = linesOf(reportOf({ ...MEASURED, also }));
    expect(lines[0]).toContain('NOT MET');
    expect(lines.at(-1)).toBe('  p99: 250 ms (at most 100): NOT MET');
  });
});
