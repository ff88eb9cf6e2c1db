import { describe, expect, it } from '@jest/globals';
import { instantOf, newestFirst } from './newest-first.js';
import { splitStateKey, stateKey, StateKeyError, stateKeyRange, stateTypeOf, STATE_TYPES } from './state-key.js';

describe('state keys', () => {
  it('are composite keys as Fabric builds them', () => {
    expect(stateKey('B', 'EV-1', '123', 'id')).toBe('\u0000B\u0000EV-1\u0000123\u0000id\u0000');
    expect(stateKey('L')).toBe('\u0000L\u0000');
  });

  it('have one letter per record', () => {
    expect(new Set(Object.values(STATE_TYPES)).size).toBe(Object.values(STATE_TYPES).length);
  });

  it('come apart into the same parts', () => {
    expect(splitStateKey(stateKey('S', 'CS-1', '0001', 'tx'))).toEqual({ type: 'S', parts: ['CS-1', '0001', 'tx'] });
    expect(splitStateKey(stateKey('L'))).toEqual({ type: 'L', parts: [] });
    expect(stateTypeOf(stateKey('S', 'x'))).toBe('S');
    expect(stateTypeOf('plain')).toBeUndefined();
  });

  it.each([[''], ['a\u0000b'], ['a\u{10FFFF}']])('refuse the part %p', (part) => {
    expect(() => stateKey('A', part)).toThrow(StateKeyError);
  });

  it.each(['', 'A', '\u0000', '\u0000A', '\u0000\u0000x\u0000'])('refuse to split %p', (key) => {
    expect(() => splitStateKey(key)).toThrow(StateKeyError);
  });

  it('span a range that holds the keys of one parent only', () => {
    const { start, end } = stateKeyRange('B', 'EV-1');
    const inside = stateKey('B', 'EV-1', '0', 'x');
    const outside = stateKey('B', 'EV-10', '0', 'x');
    expect(inside >= start && inside < end).toBe(true);
    expect(outside >= start && outside < end).toBe(false);
  });
});

describe('newest first', () => {
  it('sorts a later instant before an earlier one and comes back', () => {
    expect(newestFirst(1_700_000_000_001) < newestFirst(1_700_000_000_000)).toBe(true);
    expect(newestFirst(0)).toHaveLength(13);
    expect(instantOf(newestFirst(1_530_403_200_000))).toBe(1_530_403_200_000);
  });

  it.each([-1, 1.5, 10 ** 13, Number.NaN])('refuses %p', (atMs) => {
    expect(() => newestFirst(atMs)).toThrow(RangeError);
  });

  it('refuses a part that is no time', () => {
    expect(() => instantOf('123')).toThrow(RangeError);
  });
});
