import { describe, expect, it } from '@jest/globals';
import { depositMinor } from './registration.js';

describe('depositMinor', () => {
  it('covers the total at the dearest price, and the rounding of every line', () => {
    // 26.4 kWh at 2.01 yuan is 53.064 yuan.
    expect(depositMinor({ energyWh: 26_400, sessions: 1 }, 20_100n)).toBe(5307n + 128n);
    expect(depositMinor({ energyWh: 0, sessions: 2 }, 20_100n)).toBe(257n);
  });
});
