import { describe, expect, it } from '@jest/globals';
import { storableJson } from './storable-text.js';

describe('storableJson', () => {
  it.each([
    ['a\0b', 'a\uFFFDb'],
    ['\ud800', '\uFFFD'],
    ['\udc00x', '\uFFFDx'],
    ['\udc00\ud800', '\uFFFD\uFFFD'],
    ['😀', '😀'],
    ['\\u0000', '\\u0000'],
    ['\u202e<b>\u001b[2J', '\u202e<b>\u001b[2J'],
  ])('%j becomes %j', (text, stored) => {
    expect(JSON.parse(storableJson([{ deep: [text] }]))).toEqual([{ deep: [stored] }]);
  });

  it('leaves everything else as it is', () => {
    const value = { a: 1, b: null, c: [true, 'ü'] };
    expect(storableJson(value)).toBe(JSON.stringify(value));
  });
});
