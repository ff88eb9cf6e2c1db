import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ENERGY_WH_MAX } from './energy.js';
import {
  checkLines,
  creditNoteLines,
  priceSession,
  totalMinor,
  type BillableSession,
  type PricedSession,
} from './settlement.js';
import type { Price, Tariff } from './tariff.js';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 23, 6);
const CHINA = [{ fromMs: 0, offsetMinutes: 480 }];

function price(
  priceId: string,
  fromMinute: number,
  toMinute: number,
  electricityPriceE4: bigint,
  servicePriceE4: bigint,
): Price {
  return {
    priceId,
    fromMinute,
    toMinute,
    weekdayMask: 127,
    validFromMs: 0,
    validToMs: null,
    electricityPriceE4,
    servicePriceE4,
  };
}
/** Flat from 12:00 to 15:00 local, peak from 15:00. */
const TARIFF: Tariff = {
  tariffId: 'TELD-TOU',
  operatorId: 'TELD',
  prices: [
    price('valley', 0, 720, 7_050n, 6_000n),
    price('flat', 720, 900, 14_100n, 6_000n),
    price('peak', 900, 1440, 21_150n, 6_000n),
  ],
};
const session = (more: Partial<BillableSession> = {}): BillableSession => ({
  startMs: START_MS,
  endMs: START_MS + HOUR_MS / 2,
  meterStartWh: 1_000n,
  meterStopWh: 27_400n,
  tariff: TARIFF,
  offsets: CHINA,
  ...more,
});

function mustPrice(
  input: BillableSession,
  readings: readonly { atMs: number; registerWh: bigint }[] = [],
): PricedSession {
  const result = priceSession({ ...input, readings });
  if (!result.ok) throw new Error(result.fault);
  return result.value;
}

describe('pricing a session', () => {
  it('gives the 53.06 yuan of the paper’s table 2 for TELD', () => {
    expect(mustPrice(session())).toEqual({
      totalMinor: 5_306n,
      lines: [
        {
          priceId: 'flat',
          fromMs: START_MS,
          toMs: START_MS + HOUR_MS / 2,
          energyWh: 26_400n,
          electricityPriceE4: 14_100n,
          servicePriceE4: 6_000n,
          electricityFeeMinor: 3_722n,
          serviceFeeMinor: 1_584n,
        },
      ],
    });
  });

  it('splits energy at a boundary by the readings around it, floored', () => {
    const long = session({ endMs: START_MS + 2 * HOUR_MS, meterStopWh: 1_101n });
    expect(mustPrice(long).lines.map(({ priceId, energyWh }) => [priceId, energyWh])).toEqual([
      ['flat', 50n],
      ['peak', 51n],
    ]);
    const early = [{ atMs: START_MS + HOUR_MS, registerWh: 1_100n }];
    expect(mustPrice(long, early).lines.map(({ energyWh }) => energyWh)).toEqual([100n, 1n]);
  });

  it('bills zero energy with one line of zero', () => {
    const { lines, totalMinor: total } = mustPrice(session({ meterStopWh: 1_000n }));
    expect(lines).toHaveLength(1);
    expect(total).toBe(0n);
  });

  it.each([
    ['END_BEFORE_START', { endMs: START_MS - 1 }],
    ['NEGATIVE_ENERGY', { meterStopWh: 999n }],
    ['ENERGY_OUT_OF_RANGE', { meterStopWh: 1_001n + ENERGY_WH_MAX }],
    ['ENERGY_OUT_OF_RANGE', { meterStartWh: -1n, meterStopWh: 0n }],
    ['NO_PRICE', { tariff: { ...TARIFF, prices: [] } }],
    ['TOO_MANY_LINES', { endMs: START_MS + 60 * 24 * HOUR_MS }],
  ])('answers %s', (fault, change) => {
    expect(priceSession({ ...session(change), readings: [] })).toEqual({ ok: false, fault });
  });
});

describe('the contract’s check', () => {
  const long = session({ endMs: START_MS + 2 * HOUR_MS });
  const proposal = () => ({ ...long, ...mustPrice(long) });

  it('accepts the worker’s bill and gives the same one', () => {
    expect(checkLines(proposal())).toEqual({ ok: true, value: mustPrice(long) });
  });

  const [first, second] = proposal().lines;
  const lines = first === undefined || second === undefined ? [] : [first, second];
  const edit = (index: number, change: object) =>
    lines.map((line, at) => (at === index ? { ...line, ...change } : line));
  it.each([
    ['TOTAL_DIFFERS', { totalMinor: proposal().totalMinor + 1n }],
    ['INTERVALS_DIFFER', { lines: [] }],
    ['INTERVALS_DIFFER', { lines: lines.slice(0, 1) }],
    ['INTERVALS_DIFFER', { lines: lines.toReversed() }],
    ['INTERVALS_DIFFER', { lines: edit(0, { priceId: 'valley' }) }],
    ['INTERVALS_DIFFER', { lines: edit(0, { toMs: START_MS + HOUR_MS + 1 }) }],
    ['INTERVALS_DIFFER', { lines: edit(0, { fromMs: START_MS - 1 }) }],
    ['NEGATIVE_LINE', { lines: edit(0, { energyWh: -1n }) }],
    ['ENERGY_DIFFERS', { lines: edit(0, { energyWh: 0n }) }],
    ['NEGATIVE_ENERGY', { meterStopWh: 0n }],
    ['NO_PRICE', { offsets: CHINA, tariff: { ...TARIFF, prices: TARIFF.prices.slice(0, 1) } }],
  ])('answers %s', (fault, change) => expect(checkLines({ ...proposal(), ...change })).toEqual({ ok: false, fault }));

  it('ignores prices and fees that a worker would slip in', () => {
    const cheap = edit(0, { electricityPriceE4: 0n, electricityFeeMinor: 0n });
    expect(checkLines({ ...proposal(), lines: cheap })).toEqual({ ok: true, value: mustPrice(long) });
  });
});

describe('any bill', () => {
  const anySession = fc.record({
    startMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    lengthMs: fc.integer({ min: 0, max: 30 * 24 * HOUR_MS }),
    meterStartWh: fc.bigInt(0n, 10n ** 12n),
    energyWh: fc.bigInt(0n, ENERGY_WH_MAX),
    readings: fc.array(
      fc.record({ at: fc.double({ min: -0.1, max: 1.1, noNaN: true }), share: fc.integer({ min: -100, max: 1_100 }) }),
      { maxLength: 20 },
    ),
  });
  const build = ({
    startMs,
    lengthMs,
    meterStartWh,
    energyWh,
    readings,
  }: typeof anySession extends fc.Arbitrary<infer T> ? T : never) => ({
    input: session({ startMs, endMs: startMs + lengthMs, meterStartWh, meterStopWh: meterStartWh + energyWh }),
    readings: readings.map(({ at, share }) => ({
      atMs: startMs + Math.floor(lengthMs * at),
      registerWh: meterStartWh + (energyWh * BigInt(share)) / 1_000n,
    })),
  });

  it('adds up: Σ Wh = E_e − E_s, total = Σ rounded fees, no line negative', () => {
    fc.assert(
      fc.property(anySession, (any) => {
        const { input, readings } = build(any);
        const priced = mustPrice(input, readings);
        expect(priced.lines.reduce((sum, { energyWh }) => sum + energyWh, 0n)).toBe(any.energyWh);
        expect(priced.totalMinor).toBe(
          priced.lines.reduce((sum, line) => sum + line.electricityFeeMinor + line.serviceFeeMinor, 0n),
        );
        expect(priced.lines.every(({ energyWh }) => energyWh >= 0n)).toBe(true);
      }),
    );
  });

  it('passes the contract’s check, and does not depend on the order of the readings', () => {
    fc.assert(
      fc.property(anySession, (any) => {
        const { input, readings } = build(any);
        const priced = mustPrice(input, readings);
        expect(checkLines({ ...input, ...priced })).toEqual({ ok: true, value: priced });
        expect(mustPrice(input, readings.toReversed())).toEqual(priced);
      }),
    );
  });

  it('is undone exactly by its credit note', () => {
    fc.assert(
      fc.property(anySession, (any) => {
        const { input, readings } = build(any);
        const { lines, totalMinor: total } = mustPrice(input, readings);
        expect(totalMinor(creditNoteLines(lines)) + total).toBe(0n);
        expect(creditNoteLines(creditNoteLines(lines))).toEqual(lines);
      }),
    );
  });
});
