import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  AMOUNT_MINOR_MAX,
  PRICE_E4_MAX,
  divFloor,
  divHalfAwayFromZero,
  divHalfUp,
  feeMinor,
  formatAmount,
  parseAmountMinor,
} from './money.js';
import { totalMinor } from './settlement.js';
import { readVectors } from './testing/vectors.js';

interface MoneyVector {
  readonly name: string;
  readonly lines: readonly {
    readonly energyWh: number;
    readonly electricityPriceE4: number;
    readonly servicePriceE4: number;
    readonly electricityFeeMinor: number;
    readonly serviceFeeMinor: number;
  }[];
  readonly totalMinor: number;
}
const vectors = readVectors('money') as readonly MoneyVector[];

describe('fee, formulas (4) to (6)', () => {
  it('has vectors to match', () => expect(vectors.length).toBeGreaterThanOrEqual(200));

  it.each(vectors.map((vector) => [vector.name, vector] as const))('matches the vector %s', (_, vector) => {
    const lines = vector.lines.map((line) => ({
      electricityFeeMinor: feeMinor(BigInt(line.electricityPriceE4), BigInt(line.energyWh)),
      serviceFeeMinor: feeMinor(BigInt(line.servicePriceE4), BigInt(line.energyWh)),
    }));
    expect(lines).toEqual(
      vector.lines.map((line) => ({
        electricityFeeMinor: BigInt(line.electricityFeeMinor),
        serviceFeeMinor: BigInt(line.serviceFeeMinor),
      })),
    );
    expect(totalMinor(lines)).toBe(BigInt(vector.totalMinor));
  });

  it('is monotonic in energy and never negative', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, PRICE_E4_MAX),
        fc.bigInt(0n, 2_000_000n),
        fc.bigInt(0n, 1_000n),
        (price, energy, more) => {
          expect(feeMinor(price, energy)).toBeGreaterThanOrEqual(0n);
          expect(feeMinor(price, energy + more)).toBeGreaterThanOrEqual(feeMinor(price, energy));
        },
      ),
    );
  });

  it('is off by at most half a minor unit', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, PRICE_E4_MAX), fc.bigInt(-2_000_000n, 2_000_000n), (price, energy) => {
        const error = 2n * (feeMinor(price, energy) * 100_000n - price * energy);
        expect(error <= 100_000n && error >= -100_000n).toBe(true);
      }),
    );
  });
});

describe('named roundings', () => {
  it.each([
    [5n, 2n, 3n, 2n, 3n],
    [-5n, 2n, -3n, -3n, -2n],
    [4n, 3n, 1n, 1n, 1n],
    [-4n, 3n, -1n, -2n, -1n],
    [0n, 7n, 0n, 0n, 0n],
    [1n, 2n, 1n, 0n, 1n],
    [-1n, 2n, -1n, -1n, 0n],
  ])('%d / %d: away from zero %d, floor %d, half up %d', (dividend, divisor, away, floor, up) => {
    expect(divHalfAwayFromZero(dividend, divisor)).toBe(away);
    expect(divFloor(dividend, divisor)).toBe(floor);
    expect(divHalfUp(dividend, divisor)).toBe(up);
  });

  it('half away from zero is symmetric', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(1n, 10n ** 20n), (dividend, divisor) => {
        expect(divHalfAwayFromZero(-dividend, divisor)).toBe(-divHalfAwayFromZero(dividend, divisor));
      }),
    );
  });

  it.each([0n, -1n])('refuses the divisor %d', (divisor) => {
    for (const divide of [divHalfAwayFromZero, divFloor, divHalfUp])
      expect(() => divide(1n, divisor)).toThrow(RangeError);
  });
});

describe('amounts as text', () => {
  it.each([
    ['0', 0n],
    ['5306', 5306n],
    ['-1', -1n],
    ['1000000000000000', AMOUNT_MINOR_MAX],
    ['-1000000000000000', -AMOUNT_MINOR_MAX],
  ])('reads %s', (text, amount) => expect(parseAmountMinor(text)).toBe(amount));

  it.each([
    '',
    ' 1',
    '1 ',
    '01',
    '-0',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    '١',
    '1000000000000001',
    '99999999999999999999',
    'NaN',
    '1n',
    '1\n',
  ])('refuses %j', (text) => expect(parseAmountMinor(text)).toBeUndefined());

  it.each([
    [5306n, 2, '53.06'],
    [-1205n, 2, '-12.05'],
    [0n, 2, '0.00'],
    [-5n, 2, '-0.05'],
    [7n, 0, '7'],
    [1n, 3, '0.001'],
  ])('shows %d with %d decimals as %s', (amount, decimals, text) =>
    expect(formatAmount({ minor: amount, decimals })).toBe(text),
  );
});
