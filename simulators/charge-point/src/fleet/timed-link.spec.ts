import { describe, expect, it } from '@jest/globals';
import { ROUND_TRIPS_MAX, RoundTrips } from './timed-link.js';

describe('RoundTrips', () => {
  it('knows its percentiles by nearest rank', () => {
    const roundTrips = new RoundTrips();
    for (let ms = 100; ms >= 1; ms -= 1) roundTrips.record(ms);
    expect(roundTrips.percentiles([1, 50, 99, 100])).toEqual([1, 50, 99, 100]);
    expect(new RoundTrips().percentiles([50])).toEqual([0]);
  });

  it('is bounded, and counts on', () => {
    const roundTrips = new RoundTrips();
    for (let call = 0; call < ROUND_TRIPS_MAX + 10; call += 1) roundTrips.record(call < 10 ? 9999 : 1);
    expect(roundTrips.count).toBe(ROUND_TRIPS_MAX + 10);
    expect(roundTrips.percentiles([100])).toEqual([1]);
  });
});
