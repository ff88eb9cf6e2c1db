import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distanceM, rankStations } from './station-choice.js';

const TIANJIN = { latE6: 39_084_000, lonE6: 117_200_000 };

/** Haversine in floats: an independent route, good to centimetres at this range. */
function haversineM(a: { latE6: number; lonE6: number }, b: { latE6: number; lonE6: number }): number {
  const radians = (e6: number) => (e6 / 1e6) * (Math.PI / 180);
  const [lat1, lat2] = [radians(a.latE6), radians(b.latE6)];
  const h =
    Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(radians(b.lonE6 - a.lonE6) / 2) ** 2;
  return 2 * 6_371_009 * Math.asin(Math.sqrt(h));
}

describe('distance', () => {
  it('is 0 at the same place', () => expect(distanceM(TIANJIN, TIANJIN)).toBe(0));
  it('takes the short way over the date line', () => {
    expect(distanceM({ latE6: 0, lonE6: 179_990_000 }, { latE6: 0, lonE6: -179_990_000 })).toBeLessThan(2_300);
  });

  it('agrees with the haversine formula within the search radius', () => {
    const near = fc.record({
      lat: fc.integer({ min: -60_000_000, max: 60_000_000 }),
      lon: fc.integer({ min: -180_000_000, max: 180_000_000 }),
      dLat: fc.integer({ min: -500_000, max: 500_000 }),
      dLon: fc.integer({ min: -500_000, max: 500_000 }),
    });
    fc.assert(
      fc.property(near, ({ lat, lon, dLat, dLon }) => {
        const [a, b] = [
          { latE6: lat, lonE6: lon },
          { latE6: lat + dLat, lonE6: lon + dLon },
        ];
        const expected = haversineM(a, b);
        expect(Math.abs(distanceM(a, b) - expected)).toBeLessThanOrEqual(2 + expected / 1_000);
        expect(distanceM(a, b)).toBe(distanceM(b, a));
      }),
    );
  });
});

describe('ranking', () => {
  it('is by evaluation, then distance, then id, and leaves its input alone', () => {
    const stations = [
      { stationId: 'd', evaluationE6: 1, distanceM: 5 },
      { stationId: 'b', evaluationE6: 2, distanceM: 9 },
      { stationId: 'c', evaluationE6: 2, distanceM: 3 },
      { stationId: 'a', evaluationE6: 2, distanceM: 9 },
      { stationId: 'a', evaluationE6: 2, distanceM: 9 },
    ];
    const before = [...stations];
    expect(rankStations(stations).map(({ stationId }) => stationId)).toEqual(['c', 'a', 'a', 'b', 'd']);
    expect(stations).toEqual(before);
  });
});
