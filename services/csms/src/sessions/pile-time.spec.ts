import { describe, expect, it } from '@jest/globals';
import { AHEAD_MS_MAX, EARLIEST_TIME_MS, readPileTime } from './pile-time.js';

const NOW = Date.UTC(2026, 5, 1, 12);
const iso = (ms: number): string => new Date(ms).toISOString();

describe('the time of a pile', () => {
  it('is its own when credible', () => {
    expect(readPileTime('2026-06-01T11:00:00+02:00', 'live', NOW)).toEqual({
      key: '2026-06-01T09:00:00.000Z',
      reportedMs: NOW - 3 * 3_600_000,
      tariffMs: NOW - 3 * 3_600_000,
    });
  });

  it.each([
    [NOW + AHEAD_MS_MAX, 'live', true],
    [NOW + AHEAD_MS_MAX + 1, 'live', false],
    [NOW + AHEAD_MS_MAX + 1, 'recorded', false],
    [EARLIEST_TIME_MS, 'live', true],
    [EARLIEST_TIME_MS - 1, 'live', false],
    [EARLIEST_TIME_MS - 1, 'recorded', true],
  ] as const)('%d on a %s clock counts for tariffs: %s', (ms, clock, isOwn) => {
    expect(readPileTime(iso(ms), clock, NOW)).toEqual({ key: iso(ms), reportedMs: ms, tariffMs: isOwn ? ms : NOW });
  });

  it.each([['222222017-01-01T00:00:00Z'], ['yesterday'], [''], [12], [null], [{ a: 1 }]])(
    '%j is replaced by the arrival and keeps a stable key',
    (value) => {
      const first = readPileTime(value, 'live', NOW);
      expect(first).toMatchObject({ reportedMs: null, tariffMs: NOW });
      expect(readPileTime(value, 'live', NOW + 1).key).toBe(first.key);
    },
  );

  it('takes undefined', () => {
    expect(readPileTime(undefined, 'live', NOW)).toEqual({ key: '', reportedMs: null, tariffMs: NOW });
  });
});
