import type { HoldReason } from '@tallywatt/contracts';
import type { Reading } from './session.js';

/** ocpp.md: what a connector may deliver above its rated power before a meter is not believed. */
export const POWER_TOLERANCE_TENTHS = 12n;
/** ocpp.md: added to the duration, because piles cut seconds off their times. */
export const DURATION_GRACE_MS = 60_000;
/** reliability.md section 5: older sessions of live piles go to a person. */
export const AGE_MS_MAX = 30 * 24 * 3_600_000;
/** A meter that counts fractions rounds register and samples differently. */
export const ROUNDING_WH = 1;

/** Everything that plausibility looks at; times in epoch ms, registers in Wh. */
export interface EndedSession {
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  /** Times for tariffs. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Difference of the pile's own two times when both are readable, else of the tariff times. */
  readonly durationMs: number;
  readonly ratedPowerW: number;
  /** Another stopped, not refused session of the connector shares time with this one. */
  readonly overlaps: boolean;
  /** In time order. */
  readonly readings: readonly Reading[];
  readonly receivedAtMs: number;
  readonly clock: 'live' | 'recorded';
}

/** The first fault in the fixed order, or null for a session that may be billed. Zero energy is a normal bill. */
export function faultOf(session: EndedSession): HoldReason | null {
  const { meterStartWh, meterStopWh } = session;
  if (!isRegister(meterStartWh) || !isRegister(meterStopWh)) return 'meter_out_of_range';
  if (meterStopWh < meterStartWh) return 'meter_rollback';
  if (isImplausiblePower(meterStopWh - meterStartWh, session.durationMs, session.ratedPowerW))
    return 'implausible_power';
  if (session.overlaps) return 'session_overlap';
  if (session.endedAtMs < session.startedAtMs || session.durationMs < 0) return 'end_before_start';
  if (readingsFall(meterStartWh, session.readings, meterStopWh)) return 'readings_fall';
  const isOld = session.clock === 'live' && session.receivedAtMs - session.endedAtMs > AGE_MS_MAX;
  return isOld ? 'too_old' : null;
}

export function isRegister(value: number | null): value is number {
  return value !== null && Number.isSafeInteger(value) && value >= 0;
}

/** ΔWh > ratedPower × (duration + 60 s) × 1.2, in integers. A negative duration counts as none. */
export function isImplausiblePower(energyWh: number, durationMs: number, ratedPowerW: number): boolean {
  const energy = BigInt(energyWh) * 3_600_000n * 10n;
  const limit = BigInt(ratedPowerW) * BigInt(Math.max(durationMs, 0) + DURATION_GRACE_MS) * POWER_TOLERANCE_TENTHS;
  return energy > limit;
}

function readingsFall(meterStartWh: number, readings: readonly Reading[], meterStopWh: number): boolean {
  let last = meterStartWh - ROUNDING_WH;
  for (const { registerWh } of readings) {
    if (registerWh < last) return true;
    last = registerWh;
  }
  return last > meterStopWh + ROUNDING_WH;
}
