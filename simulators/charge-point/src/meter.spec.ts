import { describe, expect, it } from '@jest/globals';
import { Meter, powerAt } from './meter.js';
import { Rng } from './rng.js';

describe('Meter', () => {
  it('counts whole Wh and carries the rest', () => {
    const meter = new Meter(1000, 60_000);
    for (let second = 0; second < 60; second += 1) meter.advance(60_000, 1000);
    expect(meter.registerWh).toBe(2000);
  });

  it('never exceeds the rated power', () => {
    const meter = new Meter(0, 7000);
    meter.advance(1_000_000, 3_600_000);
    expect(meter.registerWh).toBe(7000);
  });

  it('rolls back, also below its start', () => {
    const meter = new Meter(100, 7000);
    meter.rollBack(300);
    expect(meter.registerWh).toBe(-200);
  });
});

describe('powerAt', () => {
  it('stays within the rating and tapers at the end', () => {
    const rng = new Rng(4);
    const early = powerAt(100_000, 0.2, rng);
    const late = powerAt(100_000, 1, rng);
    expect(early).toBeGreaterThanOrEqual(90_000);
    expect(early).toBeLessThanOrEqual(100_000);
    expect(late).toBeLessThan(early);
  });
});
