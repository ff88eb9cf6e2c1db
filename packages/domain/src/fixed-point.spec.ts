import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expFixed, EXPONENT_MAX, FIXED_ONE, HALVINGS, TERMS_MAX } from './fixed-point.js';

const DIGITS = 70n;
const SCALE = 10n ** DIGITS;
const TO_REFERENCE = SCALE / FIXED_ONE;

/** An independent route to 40 correct digits: the plain series of e^|x| at 70 digits, without halving the argument. */
function referenceExp(x: bigint): bigint {
  const magnitude = (x < 0n ? -x : x) * TO_REFERENCE;
  let sum = 0n;
  let term = SCALE;
  for (let n = 1n; term > 0n; n += 1n) {
    sum += term;
    term = (term * magnitude) / (SCALE * n);
  }
  return x < 0n ? (SCALE * SCALE) / sum : sum;
}

function expectClose(x: bigint): void {
  const expected = referenceExp(x);
  const actual = expFixed(x) * TO_REFERENCE;
  const error = actual > expected ? actual - expected : expected - actual;
  // Below 1e-20 relative, or below the last digit of the fixed point where the value is that small.
  expect(error * 10n ** 20n < expected || error <= 2n * TO_REFERENCE).toBe(true);
}

describe('e^x in fixed point', () => {
  it('knows e to 24 digits', () => {
    expect(expFixed(FIXED_ONE) / 10n ** 6n).toBe(2_718_281_828_459_045_235_360_287n);
  });
  it('is exact at 0', () => expect(expFixed(0n)).toBe(FIXED_ONE));

  it.each([-100n, -5n, -1n, 1n, 5n, 50n, 100n])('agrees with a 40-digit reference at %d', (x) =>
    expectClose(x * FIXED_ONE),
  );

  it('agrees with a 40-digit reference everywhere in the range of the rules', () => {
    fc.assert(fc.property(fc.bigInt(-20n * FIXED_ONE, 20n * FIXED_ONE), (x) => expectClose(x)));
  });

  it('is monotonic', () => {
    fc.assert(
      fc.property(fc.bigInt(-20n * FIXED_ONE, 20n * FIXED_ONE), fc.bigInt(1n, FIXED_ONE), (x, step) => {
        expect(expFixed(x + step)).toBeGreaterThanOrEqual(expFixed(x));
      }),
    );
  });

  it.each([EXPONENT_MAX + 1n, -EXPONENT_MAX - 1n])('refuses %d', (x) => expect(() => expFixed(x)).toThrow(RangeError));
});

describe('the bound on the series', () => {
  it('is never what ends it: the last term allowed is 0 for the largest argument', () => {
    const largest = EXPONENT_MAX / (1n << BigInt(HALVINGS));
    let term = FIXED_ONE;
    for (let n = 1n; n <= BigInt(TERMS_MAX); n += 1n) term = (term * largest) / (FIXED_ONE * n);
    expect(term).toBe(0n);
  });
});
