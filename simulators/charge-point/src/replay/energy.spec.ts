import { describe, expect, it } from '@jest/globals';
import { TEXT_LENGTH_MAX, energyWh } from './energy.js';

describe('energyWh', () => {
  it('looks at texts up to a limit', () => {
    expect(energyWh('0'.repeat(TEXT_LENGTH_MAX), 'Wh')).toBe(0);
    expect(energyWh('0'.repeat(TEXT_LENGTH_MAX + 1), 'Wh')).toBeUndefined();
  });

  it.each([
    ['22.287', 'kWh', 22287],
    ['7.08', 'kWh', 7080],
    ['0', 'kWh', 0],
    ['-60.81', 'kWh', -60810],
    ['-0.0001', 'kWh', 0],
    ['1430', 'kWh', 1_430_000],
    ['0.0005', 'kWh', 1],
    ['0.00049', 'kWh', 0],
    ['1.0015', 'kWh', 1002],
    ['12', 'Wh', 12],
    ['12.5', 'Wh', 13],
    ['-12.5', 'Wh', -13],
  ] as const)('%s %s is %i Wh', (text, unit, expected) => expect(energyWh(text, unit)).toBe(expected));

  it.each(['', ' 1', '1e3', '1,5', '.5', '5.', 'NaN', '--1', '9'.repeat(16), '1'.repeat(30)])('refuses "%s"', (text) =>
    expect(energyWh(text, 'kWh')).toBeUndefined(),
  );
});
