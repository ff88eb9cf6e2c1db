import type { ChargePoint } from '../piles/charge-point.js';
import { readPileTime } from './pile-time.js';
import type { Reading } from './session.js';

/** Samples of one message; a StopTransaction with a day of readings of ten measurands has about 15,000. */
export const SAMPLES_PER_MESSAGE_MAX = 20_000;
/** Signed data may be long, a decimal value is not. */
export const FIELD_LENGTH_MAX = 500;
export const VALUE_LENGTH_MAX = 16_384;

/** One sampledValue with its time. */
export interface Sample {
  readonly atMs: number;
  readonly measurand: string;
  readonly value: string;
  /** Only for the total imported energy register with a readable value. */
  readonly registerWh: number | null;
  readonly unit: string | null;
  readonly phase: string | null;
  readonly context: string | null;
  readonly location: string | null;
  readonly format: string | null;
}

const ENERGY_REGISTER = 'Energy.Active.Import.Register';

/** Typed samples of a `meterValue` or `transactionData` of any shape; what is no sample is left out (its frame is kept). */
export function readSamples(
  meterValues: unknown,
  clock: ChargePoint['clock'],
  receivedAtMs: number,
): readonly Sample[] {
  const samples: Sample[] = [];
  for (const meterValue of listOf(meterValues)) {
    const atMs = readPileTime(fieldOf(meterValue, 'timestamp'), clock, receivedAtMs).tariffMs;
    for (const sampled of listOf(fieldOf(meterValue, 'sampledValue'))) {
      if (samples.length >= SAMPLES_PER_MESSAGE_MAX) return samples;
      const sample = readSample(sampled, atMs);
      if (sample !== undefined) samples.push(sample);
    }
  }
  return samples;
}

function readSample(sampled: unknown, atMs: number): Sample | undefined {
  const value = fieldOf(sampled, 'value');
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const measurand = textOf(sampled, 'measurand') ?? ENERGY_REGISTER;
  const unit = textOf(sampled, 'unit');
  const phase = textOf(sampled, 'phase');
  const location = textOf(sampled, 'location');
  const format = textOf(sampled, 'format');
  // A phase is a part of the total, and the grid's side of a DC pile counts its losses too.
  const isTotal = measurand === ENERGY_REGISTER && phase === null && (location === null || location === 'Outlet');
  const registerWh = isTotal && format !== 'SignedData' ? wattHoursOf(String(value), unit) : null;
  const text = String(value).slice(0, VALUE_LENGTH_MAX);
  return {
    atMs,
    measurand,
    value: text,
    registerWh,
    unit,
    phase,
    location,
    format,
    context: textOf(sampled, 'context'),
  };
}

/** Energy samples as readings; several at one instant count as the highest. */
export function readingsOf(samples: readonly Pick<Sample, 'atMs' | 'registerWh'>[]): readonly Reading[] {
  const byTime = new Map<number, number>();
  for (const { atMs, registerWh } of samples) {
    if (registerWh !== null) byTime.set(atMs, Math.max(registerWh, byTime.get(atMs) ?? registerWh));
  }
  return [...byTime].map(([atMs, registerWh]) => ({ atMs, registerWh })).sort((a, b) => a.atMs - b.atMs);
}

/** At most 15 digits before the point: everything that a double holds exactly, also times 1,000 as text. */
const DECIMAL = /^(-?)(\d{1,15})(?:\.(\d{1,20}))?$/;

/** Whole Wh, floored, read as text so that no float comes between; null for what is no decimal, negative or beyond 2^53. */
export function wattHoursOf(value: string, unit: string | null): number | null {
  if (unit !== null && unit !== 'Wh' && unit !== 'kWh') return null;
  const match = DECIMAL.exec(value.trim());
  if (match === null) return null;
  const [, sign, whole = '0', fraction = ''] = match;
  const digits = unit === 'kWh' ? whole + fraction.padEnd(3, '0').slice(0, 3) : whole;
  const wattHours = Number(digits);
  if (sign === '-' && (wattHours !== 0 || /[1-9]/.test(fraction))) return null;
  return Number.isSafeInteger(wattHours) ? wattHours : null;
}

export function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? [value] : [];
}

function textOf(value: unknown, name: string): string | null {
  const field = fieldOf(value, name);
  return typeof field === 'string' && field !== '' ? field.slice(0, FIELD_LENGTH_MAX) : null;
}
