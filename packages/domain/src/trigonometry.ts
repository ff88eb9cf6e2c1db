import { FIXED_ONE } from './fixed-point.js';
import type { Fixed } from './fixed-point.js';

/** π with the 24 digits of FIXED_ONE. */
export const PI_FIXED: Fixed = 3_141_592_653_589_793_238_462_643n;

/** sin x for |x| ≤ π, by its series: about 20 digits after the point. */
export function sinFixed(x: Fixed): Fixed {
  const square = (x * x) / FIXED_ONE;
  let term = x;
  let sum = x;
  for (let n = 2n; term !== 0n; n += 2n) {
    term = (-term * square) / (FIXED_ONE * n * (n + 1n));
    sum += term;
  }
  return sum;
}

/** cos x for |x| ≤ π/2, as the sine of the complement. */
export function cosFixed(x: Fixed): Fixed {
  return sinFixed(PI_FIXED / 2n - (x < 0n ? -x : x));
}

/** asin s for 0 ≤ s ≤ 1; above 1/2 by asin s = π/2 − 2·asin √((1−s)/2), where the series is slow. */
export function asinFixed(s: Fixed): Fixed {
  if (2n * s > FIXED_ONE) return PI_FIXED / 2n - 2n * asinFixed(sqrtFixed((FIXED_ONE - s) / 2n));
  const square = (s * s) / FIXED_ONE;
  let power = s;
  let sum = s;
  for (let n = 1n; power !== 0n; n += 2n) {
    power = (power * square * n) / (FIXED_ONE * (n + 1n));
    sum += power / (n + 2n);
  }
  return sum;
}

/** √x for x ≥ 0, floored, by Newton's iteration from above. */
export function sqrtFixed(x: Fixed): Fixed {
  if (x === 0n) return 0n;
  const square = x * FIXED_ONE;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (;;) {
    const next = (root + square / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}
