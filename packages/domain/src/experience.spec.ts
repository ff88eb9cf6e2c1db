import { describe, expect, it } from '@jest/globals';
import { experienceFixed } from './experience.js';
import { FIXED_ONE } from './fixed-point.js';

describe('endorsement experience, formula (1)', () => {
  it('is 0 while nothing is counted', () => expect(experienceFixed(500_000n, 0n, 0n)).toBe(0n));
  it('is β when the node endorsed everything', () => expect(experienceFixed(500_000n, 15n, 15n)).toBe(FIXED_ONE / 2n));
  it('is β · l / L', () => expect(experienceFixed(1_000_000n, 1n, 4n)).toBe(FIXED_ONE / 4n));
});
