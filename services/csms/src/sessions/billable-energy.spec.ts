import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { priceSession } from '@tallywatt/domain';
import * as fc from 'fast-check';
import { at, Names, SessionFixture, startPayload, stopPayload } from './testing/session-fixture.js';

/** Whole sessions on a real database, fifty at once: seconds. */
const RUNS = 150;
const AT_ONCE = 50;
const SEED = 20_180_601;
const TIMEOUT_MS = 60_000;
/** What the connector of the fixture may deliver in a minute more than the fifty of the session (ocpp.md: rated power × time × 1.2). */
const LIMIT_WH = Math.floor((22_000 * 51 * 12) / 600);

let fixture: SessionFixture;
const names = new Names(() => fixture);
beforeAll(async () => {
  fixture = await SessionFixture.create();
});
afterAll(() => fixture.destroy());

interface Meters {
  readonly start: unknown;
  readonly readings: readonly unknown[];
  readonly stop: unknown;
  readonly unit?: string;
}

/** A session of 50 minutes with these registers; answers what csms publishes of it. */
async function factOf({ start, readings, stop, unit }: Meters): Promise<Record<string, unknown> | undefined> {
  const cp = await names.pile();
  const begin = startPayload({ idTag: await names.tag(), meterStart: start });
  const { transactionId } = await fixture.start(cp, begin);
  const meterValue = readings.map((value, index) => ({
    timestamp: at(-55 + index),
    sampledValue: [unit === undefined ? { value } : { value, unit }],
  }));
  await fixture.meter(cp, { connectorId: 1, transactionId, meterValue });
  await fixture.stop(cp, stopPayload(transactionId, { meterStop: stop }));
  return (await fixture.facts(cp.chargePointId))[0];
}

/** Plays the cases that the arbitrary draws, many at a time. */
async function check<T>(cases: fc.Arbitrary<T>, holds: (drawn: T) => Promise<void>): Promise<void> {
  const batches = fc.array(cases, { minLength: AT_ONCE, maxLength: AT_ONCE });
  const batch = fc.asyncProperty(batches, async (drawn) => void (await Promise.all(drawn.map(holds))));
  await fc.assert(batch, { numRuns: RUNS / AT_ONCE, seed: SEED, endOnFailure: true });
}

const PRICE = { fromMinute: 0, toMinute: 1440, weekdayMask: 127, validFromMs: 0, validToMs: null };
const TARIFF = {
  tariffId: 't',
  operatorId: 'TELD',
  prices: [{ priceId: 'p', ...PRICE, electricityPriceE4: 12_098n, servicePriceE4: 8_000n }],
};

/** The bill that settlement would make of it; undefined when a person has to look first. */
function amountOf(fact: Record<string, unknown>): bigint | undefined {
  if (fact['hold_reason'] !== null) return undefined;
  const readings = fact['readings'] as [number, number][];
  const priced = priceSession({
    startMs: Number(fact['started_at']),
    endMs: Number(fact['ended_at']),
    meterStartWh: BigInt(String(fact['meter_start_wh'])),
    meterStopWh: BigInt(String(fact['meter_stop_wh'])),
    readings: readings.map(([atMs, registerWh]) => ({ atMs, registerWh: BigInt(registerWh) })),
    tariff: TARIFF,
    offsets: [{ fromMs: 0, offsetMinutes: 0 }],
  });
  if (!priced.ok) throw new Error(`a session that is not held has no price: ${priced.fault}`);
  return priced.value.totalMinor;
}

const ODD = [
  -1,
  -0,
  0.5,
  '5',
  'NaN',
  '1e3',
  '',
  null,
  true,
  [],
  {},
  2 ** 31,
  2 ** 32,
  1e6,
  2 ** 53 - 1,
  2 ** 53,
  1e308,
];
const anyRegister = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40_000 }) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...ODD) },
  { weight: 1, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.double() },
);
const anyReading = fc.oneof(anyRegister.map(String), anyRegister, fc.string());
const anyMeters = fc.record({
  start: anyRegister,
  readings: fc.array(anyReading, { maxLength: 4 }),
  stop: anyRegister,
});

describe('a session with meters of any kind', () => {
  it(
    'is held, or billed with an amount that is not negative and energy that the connector can deliver',
    async () => {
      let billed = 0;
      await check(anyMeters, async (meters) => {
        const fact = await factOf(meters);
        const amountMinor = fact === undefined ? undefined : amountOf(fact);
        if (amountMinor === undefined) return;
        billed += 1;
        const energyWh = Number(fact?.['meter_stop_wh']) - Number(fact?.['meter_start_wh']);
        expect(amountMinor).toBeGreaterThanOrEqual(0n);
        expect(energyWh).toBeGreaterThanOrEqual(0);
        expect(energyWh).toBeLessThanOrEqual(LIMIT_WH);
        // What the pile said, in whole Wh: nothing was rounded, wrapped or read from a text.
        expect([meters.start, meters.stop].map(String)).toEqual([fact?.['meter_start_wh'], fact?.['meter_stop_wh']]);
      });
      expect(billed).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );
});

/** A meter that has counted more than one session can add, and a session of at least a hundredth of the limit. */
const soundMeters = fc
  .record({
    start: fc.integer({ min: LIMIT_WH + 1, max: 2 ** 31 }),
    energyWh: fc.integer({ min: Math.ceil(LIMIT_WH / 100), max: LIMIT_WH }),
    shares: fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 3 }),
  })
  .map(({ start, energyWh, shares }) => ({
    start,
    readings: shares.sort((a, b) => a - b).map((share) => start + Math.floor((energyWh * share) / 100)),
    stop: start + energyWh,
  }));
type Sound = { readonly start: number; readonly readings: readonly number[]; readonly stop: number };

const more = (wattHours: number): number => wattHours * 1000;
const less = (wattHours: number): number => Math.floor(wattHours / 1000);
const MIX_UPS: readonly (readonly [string, (sound: Sound) => Meters])[] = [
  [
    'everything a thousand times too high',
    ({ start, readings, stop }) => ({ start: more(start), readings: readings.map(more).map(String), stop: more(stop) }),
  ],
  ['the Start too high', (sound) => ({ ...sound, start: more(sound.start) })],
  ['the Start too low', (sound) => ({ ...sound, start: less(sound.start) })],
  ['the Stop too high', (sound) => ({ ...sound, stop: more(sound.stop) })],
  ['the Stop too low', (sound) => ({ ...sound, stop: less(sound.stop) })],
  ['the readings too high', (sound) => ({ ...sound, readings: sound.readings.map(more).map(String) })],
  ['the readings too low', (sound) => ({ ...sound, readings: sound.readings.map(less).map(String) })],
  ['readings in Wh that are called kWh', (sound) => ({ ...sound, readings: sound.readings.map(String), unit: 'kWh' })],
];

describe('Wh and kWh', () => {
  it.each(MIX_UPS)(
    '%s: held for a person',
    async (_name, mixUp) => {
      await check(soundMeters, async (sound) => {
        const fact = await factOf(mixUp(sound));
        expect(['implausible_power', 'meter_rollback', 'readings_fall', 'meter_out_of_range']).toContain(
          fact?.['hold_reason'],
        );
      });
    },
    TIMEOUT_MS,
  );

  it(
    'readings that are called kWh and are kWh make the same bill as Wh',
    async () => {
      await check(soundMeters, async ({ start, readings, stop }) => {
        const inKilowattHours = readings.map(
          (wattHours) => `${less(wattHours)}.${String(wattHours % 1000).padStart(3, '0')}`,
        );
        const facts = await Promise.all([
          factOf({ start, readings: readings.map(String), stop }),
          factOf({ start, readings: inKilowattHours, stop, unit: 'kWh' }),
        ]);
        const bills = facts.map((fact) => [fact?.['readings'], fact?.['hold_reason'], fact && amountOf(fact)]);
        expect(bills[1]).toEqual(bills[0]);
        expect(bills[0]?.[1]).toBeNull();
      });
    },
    TIMEOUT_MS,
  );
});
