import { describe, expect, it } from '@jest/globals';
import { OFFSET_YEARS_AHEAD, stationOffsets } from './station-offsets.js';

const NOW_MS = Date.UTC(2026, 10, 24);
const SUMMER_AND_WINTER = 2;

describe('station offsets', () => {
  it('of a zone without clock changes is one', () => {
    expect(stationOffsets('Asia/Shanghai', NOW_MS)).toEqual([{ fromMs: Date.UTC(2015, 0, 1), offsetMinutes: 480 }]);
    expect(stationOffsets('UTC', NOW_MS)).toEqual([{ fromMs: Date.UTC(2015, 0, 1), offsetMinutes: 0 }]);
    expect(stationOffsets('Asia/Kolkata', NOW_MS)).toMatchObject([{ offsetMinutes: 330 }]);
  });

  it('of a zone with summer time changes twice a year until ten years ahead', () => {
    const offsets = stationOffsets('Europe/London', NOW_MS);
    const years = 2026 - 2015 + 1 + OFFSET_YEARS_AHEAD;
    expect(offsets).toHaveLength(1 + SUMMER_AND_WINTER * years);
    expect(offsets.slice(0, 3)).toEqual([
      { fromMs: Date.UTC(2015, 0, 1), offsetMinutes: 0 },
      { fromMs: Date.UTC(2015, 2, 29, 1), offsetMinutes: 60 },
      { fromMs: Date.UTC(2015, 9, 25, 1), offsetMinutes: 0 },
    ]);
    expect(offsets.at(-1)?.fromMs).toBeLessThanOrEqual(Date.UTC(2036, 10, 24));
  });

  it('keeps a change of the zone for good', () => {
    // Samoa and others aside: Turkey stayed on summer time from September 2016 on.
    expect(stationOffsets('Europe/Istanbul', NOW_MS).at(-1)).toMatchObject({ offsetMinutes: 180 });
  });

  it.each(['Nowhere/Land', '+08:00', '', 'Asia/Shanghai;drop', '../etc'])('refuses the zone %p', (timeZone) => {
    expect(() => stationOffsets(timeZone, NOW_MS)).toThrow('400 invalid_request');
  });
});
