import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  AGE_MS_MAX,
  DURATION_GRACE_MS,
  faultOf,
  isImplausiblePower,
  POWER_TOLERANCE_TENTHS,
  ROUNDING_WH,
  type EndedSession,
} from './plausibility.js';

const HOUR = 3_600_000;
const GOOD: EndedSession = {
  meterStartWh: 1000,
  meterStopWh: 2000,
  startedAtMs: 0,
  endedAtMs: HOUR,
  durationMs: HOUR,
  ratedPowerW: 22_000,
  overlaps: false,
  readings: [],
  receivedAtMs: HOUR,
  clock: 'live',
};
const fault = (changes: Partial<EndedSession>) => faultOf({ ...GOOD, ...changes });

describe('faultOf', () => {
  it('finds none in a good session, nor in one without energy', () => {
    expect(fault({})).toBeNull();
    expect(fault({ meterStopWh: 1000, durationMs: 0, endedAtMs: 0 })).toBeNull();
  });

  it.each([
    [{ meterStartWh: -1 }, 'meter_out_of_range'],
    [{ meterStartWh: null }, 'meter_out_of_range'],
    [{ meterStopWh: null }, 'meter_out_of_range'],
    [{ meterStopWh: 2 ** 53 }, 'meter_out_of_range'],
    [{ meterStopWh: 0.5 }, 'meter_out_of_range'],
    [{ meterStopWh: 999 }, 'meter_rollback'],
    [{ meterStopWh: 28_000 }, 'implausible_power'],
    [{ overlaps: true }, 'session_overlap'],
    [{ endedAtMs: -1, durationMs: -1, meterStopWh: 1000 }, 'end_before_start'],
    [
      {
        readings: [
          { atMs: 1, registerWh: 1500 },
          { atMs: 2, registerWh: 1400 },
        ],
      },
      'readings_fall',
    ],
    [{ readings: [{ atMs: 1, registerWh: 1000 - ROUNDING_WH - 1 }] }, 'readings_fall'],
    [{ readings: [{ atMs: 1, registerWh: 2000 + ROUNDING_WH + 1 }] }, 'readings_fall'],
    [{ receivedAtMs: HOUR + AGE_MS_MAX + 1 }, 'too_old'],
  ] as const)('%j is %s', (changes, reason) => {
    expect(fault(changes)).toBe(reason);
  });

  it('lets rounding pass, the exact age, and any age of a recorded pile', () => {
    expect(
      fault({
        readings: [
          { atMs: 1, registerWh: 999 },
          { atMs: 2, registerWh: 2001 },
        ],
      }),
    ).toBeNull();
    expect(fault({ receivedAtMs: HOUR + AGE_MS_MAX })).toBeNull();
    expect(fault({ receivedAtMs: HOUR + 10 * AGE_MS_MAX, clock: 'recorded' })).toBeNull();
  });

  it('names the first fault in the fixed order', () => {
    const all = { overlaps: true, receivedAtMs: HOUR + AGE_MS_MAX + 1, readings: [{ atMs: 1, registerWh: 9_000_000 }] };
    expect(fault({ ...all, meterStopWh: -1 })).toBe('meter_out_of_range');
    expect(fault({ ...all, meterStopWh: 1 })).toBe('meter_rollback');
    expect(fault({ ...all, meterStopWh: 9_000_000 })).toBe('implausible_power');
    expect(fault(all)).toBe('session_overlap');
    expect(fault({ ...all, overlaps: false })).toBe('readings_fall');
  });
});

describe('isImplausiblePower', () => {
  it('lets pass exactly rated power × (duration + 60 s) × 1.2', () => {
    expect(POWER_TOLERANCE_TENTHS).toBe(12n);
    expect(DURATION_GRACE_MS).toBe(60_000);
    expect(isImplausiblePower(26_840, HOUR, 22_000)).toBe(false);
    expect(isImplausiblePower(26_841, HOUR, 22_000)).toBe(true);
    expect(isImplausiblePower(440, 0, 22_000)).toBe(false);
    expect(isImplausiblePower(441, -HOUR, 22_000)).toBe(true);
  });

  it('agrees with exact rational arithmetic', () => {
    fc.assert(
      fc.property(
        fc.nat(5_000_000),
        fc.nat(10 * 24 * HOUR),
        fc.integer({ min: 1, max: 2_000_000 }),
        (energyWh, durationMs, ratedPowerW) => {
          const limitTimes36e6 = BigInt(ratedPowerW) * (BigInt(durationMs) + 60_000n) * 12n;
          expect(isImplausiblePower(energyWh, durationMs, ratedPowerW)).toBe(
            BigInt(energyWh) * 36_000_000n > limitTimes36e6,
          );
        },
      ),
    );
  });

  it('catches every Wh for kWh mix-up of a session that charged at a tenth of its power or more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10 * 60_000, max: 24 * HOUR }),
        fc.integer({ min: 3_000, max: 400_000 }),
        (durationMs, ratedPowerW) => {
          const energyWh = Math.ceil((ratedPowerW * durationMs) / HOUR / 10);
          expect(isImplausiblePower(energyWh * 1000, durationMs, ratedPowerW)).toBe(true);
        },
      ),
    );
  });
});
