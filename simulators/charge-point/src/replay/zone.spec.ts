import { describe, expect, it } from '@jest/globals';
import { zonedEpochMs } from './zone.js';

const at = (month: number, day: number, hour: number, minute: number) => ({
  year: 2018,
  month,
  day,
  hour,
  minute,
  second: 0,
});
const iso = (ms: number): string => new Date(ms).toISOString();

describe('zonedEpochMs', () => {
  it('knows summer and winter', () => {
    expect(iso(zonedEpochMs(at(9, 6, 23, 55), 'Europe/London'))).toBe('2018-09-06T22:55:00.000Z');
    expect(iso(zonedEpochMs(at(1, 6, 23, 55), 'Europe/London'))).toBe('2018-01-06T23:55:00.000Z');
  });

  it('takes the first pass of the doubled hour and moves on from the skipped one', () => {
    expect(iso(zonedEpochMs(at(10, 28, 1, 30), 'Europe/London'))).toBe('2018-10-28T00:30:00.000Z');
    expect(iso(zonedEpochMs(at(3, 25, 1, 30), 'Europe/London'))).toBe('2018-03-25T01:30:00.000Z');
  });
});
