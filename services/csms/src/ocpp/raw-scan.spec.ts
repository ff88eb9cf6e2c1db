import { describe, expect, it } from '@jest/globals';
import { NESTING_DEPTH_MAX, SAFE_TOKEN_LENGTH_MAX, countKeys, scanRaw } from './raw-scan.js';

const hasDuplicate = (text: string): boolean => scanRaw(text).keyCount !== countKeys(JSON.parse(text));

describe('duplicate keys', () => {
  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"a":2,"b" :3}',
    '{"a" :1,"a":2}',
    '[2,"1","StopTransaction",{"transactionId":7,"meterStop":10,"meterStop":99}]',
    '{"x":{"y":[{"z":1,"z":1}]}}',
    '{"a":1,"\\u0061":2}',
    '{"__proto__":1,"__proto__":2}',
  ])('sees the one in %s', (text) => expect(hasDuplicate(text)).toBe(true));

  it.each([
    '{}',
    '[]',
    '{"a":1,"b":1}',
    '{"a":"\\"a\\":1"}',
    '{"a":"\\\\","b":"x\\\\\\":"}',
    '[{"a":1},{"a":1}]',
    '{"a":{"a":{"a":1}}}',
    '{ "a" : "::::" , "b" : [ ":" ] }',
    '{"__proto__":{"constructor":1}}',
    '{"":1," ":2}',
  ])('sees none in %s', (text) => expect(hasDuplicate(text)).toBe(false));

  it('gives up on absurd nesting without exhausting the stack', () => {
    const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
    expect(countKeys(deep(NESTING_DEPTH_MAX))).toBe(0);
    expect(countKeys(deep(100_000))).toBe(Infinity);
  });
});

describe('unsafe numbers', () => {
  it('passes over tokens that are safe by their length', () => {
    expect(Number('9'.repeat(SAFE_TOKEN_LENGTH_MAX))).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(scanRaw(`[${'9'.repeat(SAFE_TOKEN_LENGTH_MAX)}]`).hasUnsafeNumber).toBe(false);
    expect(scanRaw(`[${'9'.repeat(SAFE_TOKEN_LENGTH_MAX + 1)}]`).hasUnsafeNumber).toBe(true);
  });

  it.each([
    '[9007199254740993]',
    '[-9007199254740992]',
    '[1e308]',
    '[1E16]',
    '{"a":12345678901234567890}',
    '[1,2,1e999]',
  ])('sees the one in %s', (text) => expect(scanRaw(text).hasUnsafeNumber).toBe(true));
  it.each([
    '[9007199254740991]',
    '[-5]',
    '[5.5]',
    '[1e3]',
    '[0.1234567890123456789]',
    '["9007199254740993"]',
    '{"1e308":"1e308"}',
    '[]',
  ])('sees none in %s', (text) => expect(scanRaw(text).hasUnsafeNumber).toBe(false));
});
