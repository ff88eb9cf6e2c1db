import { describe, expect, it } from '@jest/globals';
import { formatCursor, hasReached, parseCursor } from './cursor.js';

describe('cursor', () => {
  it('is read back as it was written', () => {
    const cursor = { csmsSeq: 123_456_789_012_345_678n, settlementSeq: 0n };
    expect(parseCursor(formatCursor(cursor))).toEqual(cursor);
  });
  it.each(['', 'c1-s', 'C1-S1', ' c1-s1', 'c1-s1\n', 'c١-s1', 'c1.5-s0'])('refuses %j', (text) =>
    expect(parseCursor(text)).toBeUndefined(),
  );
  it('has reached another only in both sources', () => {
    const at = (csms: bigint, settlement: bigint) => ({ csmsSeq: csms, settlementSeq: settlement });
    expect(hasReached(at(2n, 2n), at(2n, 2n))).toBe(true);
    expect(hasReached(at(3n, 1n), at(2n, 2n))).toBe(false);
    expect(hasReached(at(1n, 3n), at(2n, 2n))).toBe(false);
  });
});
