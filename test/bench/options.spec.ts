import { describe, expect, it, jest } from '@jest/globals';
import { BENCHES, COUNT_MAX, PILES_MAX, ROUNDS_MAX, SECONDS_MAX, parseOptions } from './options.js';

jest.spyOn(process.stderr, 'write').mockReturnValue(true);

describe('options of a bench', () => {
  it.each(BENCHES)('%s runs without any', (bench) => {
    expect(parseOptions([bench])).toMatchObject({ bench, seconds: 3, rounds: 3, json: undefined });
  });
  it('sizes each bench of its own', () => {
    expect(parseOptions(['piles']).piles).toBe(PILES_MAX);
    expect(parseOptions(['ocpp']).piles).toBe(100);
    expect(parseOptions(['ocpp', '--piles', '7']).piles).toBe(7);
  });
  it.each([
    ['--seconds', SECONDS_MAX],
    ['--piles', PILES_MAX],
    ['--rounds', ROUNDS_MAX],
    ['--count', COUNT_MAX],
  ])('%s ends at %d', (flag, max) => {
    expect(() => parseOptions(['ocpp', flag, String(max)])).not.toThrow();
    for (const value of [max + 1, 0, 1.5, 'many'])
      expect(() => parseOptions(['ocpp', flag, String(value)])).toThrow(`1 to ${max}`);
  });
  it.each([[[]], [['speed']], [['ocpp', '--message', 'boot']], [['ocpp', '--fast']]])('refuses %j', (argv) => {
    expect(() => parseOptions(argv)).toThrow();
  });
});
