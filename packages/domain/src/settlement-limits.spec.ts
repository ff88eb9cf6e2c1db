import { describe, expect, it } from '@jest/globals';
import { ENERGY_WH_MAX } from './energy.js';
import { AMOUNT_MINOR_MAX, PRICE_E4_MAX } from './money.js';
import { LINES_MAX } from './price-intervals.js';
import { checkLines, priceSession, type BillableSession } from './settlement.js';
import type { Price } from './tariff.js';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 10, 23);
const UTC = [{ fromMs: 0, offsetMinutes: 0 }];

function price(priceId: string, fromMinute: number, toMinute: number, more: Partial<Price> = {}): Price {
  return {
    priceId,
    fromMinute,
    toMinute,
    weekdayMask: 127,
    validFromMs: 0,
    validToMs: null,
    electricityPriceE4: PRICE_E4_MAX,
    servicePriceE4: PRICE_E4_MAX,
    ...more,
  };
}
const HOURLY = Array.from({ length: 24 }, (_, hour) => price(`h${hour}`, hour * 60, hour * 60 + 60));

function session(prices: readonly Price[], more: Partial<BillableSession> = {}): BillableSession {
  return {
    startMs: START_MS,
    endMs: START_MS + HOUR_MS,
    meterStartWh: 0n,
    meterStopWh: 1_000n,
    tariff: { tariffId: 'T', operatorId: 'O', prices },
    offsets: UTC,
    ...more,
  };
}
const bill = (input: BillableSession) => {
  const priced = priceSession({ ...input, readings: [] });
  if (!priced.ok) throw new Error(priced.fault);
  return priced.value;
};

describe('limits of a bill', () => {
  it(`has at most ${LINES_MAX} lines, at the worker and at the contract`, () => {
    const full = session(HOURLY, { endMs: START_MS + LINES_MAX * HOUR_MS });
    const priced = bill(full);
    expect(priced.lines).toHaveLength(LINES_MAX);
    expect(checkLines({ ...full, ...priced })).toEqual({ ok: true, value: priced });
    const more = { ...full, endMs: full.endMs + 1 };
    expect(priceSession({ ...more, readings: [] })).toEqual({ ok: false, fault: 'TOO_MANY_LINES' });
    expect(checkLines({ ...more, ...priced })).toEqual({ ok: false, fault: 'TOO_MANY_LINES' });
  });

  it('bills the largest energy at the largest price, far below the largest amount', () => {
    const { totalMinor } = bill(session(HOURLY, { meterStopWh: ENERGY_WH_MAX }));
    expect(totalMinor).toBe(399_999_960n);
    expect(totalMinor).toBeLessThan(AMOUNT_MINOR_MAX);
  });

  it.each([Number.NaN, 0.5, Number.MAX_VALUE, Number.POSITIVE_INFINITY])('refuses the time %d', (ms) => {
    for (const change of [{ startMs: ms }, { endMs: ms }]) {
      const input = session(HOURLY, change);
      expect(priceSession({ ...input, readings: [] })).toEqual({ ok: false, fault: 'INVALID_TIME' });
      expect(checkLines({ ...input, lines: [], totalMinor: 0n })).toEqual({ ok: false, fault: 'INVALID_TIME' });
    }
  });

  it('refuses a station without offsets', () => {
    const input = session(HOURLY, { offsets: [] });
    expect(priceSession({ ...input, readings: [] })).toEqual({ ok: false, fault: 'NO_OFFSETS' });
    expect(checkLines({ ...input, lines: [], totalMinor: 0n })).toEqual({ ok: false, fault: 'NO_OFFSETS' });
  });

  it('costs a century under one price no more than an hour: nobody can stall the peers with it', () => {
    const century = session([price('flat', 0, 1440)], { startMs: Date.UTC(2000, 0), endMs: Date.UTC(2100, 0) });
    const offsets = Array.from({ length: 200 }, (_, half) => ({
      fromMs: Date.UTC(2000, half * 6),
      offsetMinutes: (half % 2) * 60,
    }));
    const startedAt = performance.now();
    for (let i = 0; i < 1_000; i += 1) expect(bill({ ...century, offsets }).lines).toHaveLength(1);
    // By days it would be 36,500 steps for each of the thousand: minutes.
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});

describe('the contract reads only the prices that the lines name', () => {
  const twoHours = session(HOURLY, { endMs: START_MS + 2 * HOUR_MS });
  const part = (...ids: string[]) => ({
    ...twoHours.tariff,
    prices: HOURLY.filter(({ priceId }) => ids.includes(priceId)),
  });

  it('and that is enough', () => {
    const priced = bill(twoHours);
    expect(checkLines({ ...twoHours, tariff: part('h0', 'h1'), ...priced })).toEqual({ ok: true, value: priced });
  });

  it('but a line that hides behind another price finds none', () => {
    const cheaper = bill(twoHours).lines.map((line) => ({ ...line, priceId: 'h0' }));
    const claim = { ...twoHours, tariff: part('h0'), lines: cheaper, totalMinor: bill(twoHours).totalMinor };
    expect(checkLines(claim)).toEqual({ ok: false, fault: 'NO_PRICE' });
  });

  it('and a line may not be cut in two, which could round in somebody’s favour', () => {
    const whole = session(HOURLY);
    const [line] = bill(whole).lines;
    if (line === undefined) throw new Error('a bill has a line');
    const middleMs = START_MS + HOUR_MS / 2;
    const halves = [
      { ...line, toMs: middleMs, energyWh: 500n },
      { ...line, fromMs: middleMs, energyWh: 500n },
    ];
    const claim = { ...whole, lines: halves, totalMinor: bill(whole).totalMinor };
    expect(checkLines(claim)).toEqual({ ok: false, fault: 'INTERVALS_DIFFER' });
  });
});

describe('a session without duration', () => {
  const instant = session(HOURLY, { endMs: START_MS });

  it('has one line, with all its energy', () => {
    const { lines } = bill(instant);
    expect(lines.map(({ priceId, fromMs, toMs, energyWh }) => [priceId, fromMs, toMs, energyWh])).toEqual([
      ['h0', START_MS, START_MS, 1_000n],
    ]);
    expect(checkLines({ ...instant, ...bill(instant) }).ok).toBe(true);
  });

  it('takes the price that begins at that instant', () => {
    expect(bill({ ...instant, startMs: START_MS + HOUR_MS, endMs: START_MS + HOUR_MS }).lines[0]?.priceId).toBe('h1');
  });
});
