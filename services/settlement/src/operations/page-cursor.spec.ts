import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CURSOR_INSTANT, CURSOR_NUMBER, cursorPart, decodeCursor, encodeCursor } from './page-cursor.js';

describe('page cursor', () => {
  it('comes back as it was made', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 3 }), (key) => {
        expect(decodeCursor(encodeCursor(key), key.length)).toEqual(key);
      }),
    );
    expect(decodeCursor(undefined, 1)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    encodeCursor(['a', 'b']),
    Buffer.from('[1]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('refuses %p', (cursor) => {
    expect(() => decodeCursor(cursor, 1)).toThrow('400 invalid_request');
  });

  it('lets nothing but an instant or a number into their columns', () => {
    expect(cursorPart('2026-01-01T00:00:00.000Z', CURSOR_INSTANT)).toBe('2026-01-01T00:00:00.000Z');
    expect(cursorPart('42', CURSOR_NUMBER)).toBe('42');
    expect(() => cursorPart('infinity', CURSOR_INSTANT)).toThrow('400 invalid_request');
    expect(() => cursorPart('-1', CURSOR_NUMBER)).toThrow('400 invalid_request');
    expect(() => cursorPart(undefined, CURSOR_NUMBER)).toThrow('400 invalid_request');
  });
});
