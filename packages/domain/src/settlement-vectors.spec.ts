import { describe, expect, it } from '@jest/globals';
import { checkLines, creditNoteLines, priceSession, totalMinor } from './settlement.js';
import type { Price } from './tariff.js';
import { readVectors } from './testing/vectors.js';

interface MoneyVector {
  readonly name: string;
  readonly lines: readonly {
    readonly priceId: string;
    readonly energyWh: number;
    readonly electricityPriceE4: number;
    readonly servicePriceE4: number;
    readonly electricityFeeMinor: number;
    readonly serviceFeeMinor: number;
  }[];
  readonly totalMinor: number;
}
const vectors = readVectors('money') as readonly MoneyVector[];
const START_MS = Date.UTC(2026, 10, 23);
const LINE_MS = 3_600_000;
const METER_START_WH = 12_345n;
const UTC = [{ fromMs: 0, offsetMinutes: 0 }];

/** A session of an hour per line: the prices follow each other by validity, readings lie on the boundaries. */
function sessionOf(vector: MoneyVector) {
  const last = vector.lines.length - 1;
  let registerWh = METER_START_WH;
  const readings = vector.lines.map((line, index) => {
    registerWh += BigInt(line.energyWh);
    return { atMs: START_MS + (index + 1) * LINE_MS, registerWh };
  });
  const prices = vector.lines.map((line, index): Price => ({
    priceId: line.priceId,
    fromMinute: 0,
    toMinute: 1440,
    weekdayMask: 127,
    validFromMs: index === 0 ? 0 : START_MS + index * LINE_MS,
    validToMs: index === last ? null : START_MS + (index + 1) * LINE_MS,
    electricityPriceE4: BigInt(line.electricityPriceE4),
    servicePriceE4: BigInt(line.servicePriceE4),
  }));
  return {
    startMs: START_MS,
    endMs: START_MS + vector.lines.length * LINE_MS,
    meterStartWh: METER_START_WH,
    meterStopWh: registerWh,
    readings,
    tariff: { tariffId: 'T', operatorId: 'O', prices },
    offsets: UTC,
  };
}

function billOf(vector: MoneyVector) {
  const priced = priceSession(sessionOf(vector));
  if (!priced.ok) throw new Error(priced.fault);
  return priced.value;
}

describe('whole bills', () => {
  it('have vectors to match', () => expect(vectors.length).toBeGreaterThanOrEqual(200));

  it.each(vectors.map((vector) => [vector.name, vector] as const))('match the vector %s', (_name, vector) => {
    const { lines, totalMinor: total } = billOf(vector);
    const found = lines.map(({ priceId, energyWh, electricityFeeMinor, serviceFeeMinor }) => ({
      priceId,
      energyWh,
      electricityFeeMinor,
      serviceFeeMinor,
    }));
    expect(found).toEqual(
      vector.lines.map((line) => ({
        priceId: line.priceId,
        energyWh: BigInt(line.energyWh),
        electricityFeeMinor: BigInt(line.electricityFeeMinor),
        serviceFeeMinor: BigInt(line.serviceFeeMinor),
      })),
    );
    expect(total).toBe(BigInt(vector.totalMinor));
  });

  it('are what the contract computes from the lines alone, and refuses by one fen', () => {
    for (const vector of vectors) {
      const bill = billOf(vector);
      const lines = bill.lines.map(({ priceId, fromMs, toMs, energyWh }) => ({ priceId, fromMs, toMs, energyWh }));
      const claim = { ...sessionOf(vector), lines, totalMinor: BigInt(vector.totalMinor) };
      expect(checkLines(claim)).toEqual({ ok: true, value: bill });
      for (const off of [-1n, 1n]) {
        const wrong = checkLines({ ...claim, totalMinor: claim.totalMinor + off });
        expect(wrong).toEqual({ ok: false, fault: 'TOTAL_DIFFERS' });
      }
    }
  });

  it('are taken back to zero by their credit notes', () => {
    for (const vector of vectors) {
      const note = creditNoteLines(billOf(vector).lines);
      expect(totalMinor(note)).toBe(-BigInt(vector.totalMinor));
    }
  });
});
