import { describe, expect, it } from '@jest/globals';
import { expectedBill, feeMinor, meterStarts } from './bill.js';
import { type Row, londonSeconds } from './dundee.js';

const PRICES = [
  { priceId: 'night', fromMinute: 0, toMinute: 420, electricityPriceE4: 6000n, servicePriceE4: 6000n },
  { priceId: 'day', fromMinute: 420, toMinute: 1440, electricityPriceE4: 14_100n, servicePriceE4: 6000n },
];
const row = (startS: number, endS: number, energyWh: number, sessionId = '1'): Row => ({
  sessionId,
  user: 'U',
  pile: 'A',
  connector: '1',
  startS,
  stop: { endS, energyWh },
  ratedPowerW: 50_000,
});

describe('expectedBill', () => {
  it('is table 2 of the paper for 26.4 kWh in one period', () => {
    const startS = londonSeconds('06/09/2018', '12:00');
    const { totalMinor, lines } = expectedBill(row(startS, startS + 3600, 26_400), 0, PRICES);
    expect(totalMinor).toBe(5306n);
    expect(lines).toHaveLength(1);
  });

  it('splits at seven in London, in summer time, and floors the register there', () => {
    const startS = londonSeconds('06/09/2018', '06:40');
    const { lines } = expectedBill(row(startS, startS + 3600, 1000), 0, PRICES);
    expect(lines.map((line) => [line.priceId, line.energyWh, line.toS])).toEqual([
      ['night', 333n, londonSeconds('06/09/2018', '07:00')],
      ['day', 667n, startS + 3600],
    ]);
  });

  it('gives an empty session one line', () => {
    const startS = londonSeconds('06/09/2018', '06:40');
    expect(expectedBill(row(startS, startS, 0), 0, PRICES).lines).toHaveLength(1);
    expect(expectedBill(row(startS, startS, 15), 0, PRICES).lines[0]?.energyWh).toBe(15n);
  });

  it('rounds half away from zero', () => {
    expect([feeMinor(10_000n, 5n), feeMinor(10_000n, 4n), feeMinor(0n, 99n)]).toEqual([1n, 0n, 0n]);
  });
});

describe('meterStarts', () => {
  it('runs per connector, and stands still for refused and negative rows', () => {
    const rows = [row(0, 1, 10, 'a'), { ...row(0, 1, 10, 'b'), user: '' }, row(0, 1, -5, 'c'), row(0, 1, 1, 'd')];
    expect([...meterStarts(rows, 100).values()]).toEqual([100, 110, 110, 110]);
  });
});
