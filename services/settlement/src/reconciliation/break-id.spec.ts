import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { breakIdOf } from './break-id.js';

const content = { type: 'LATE', settlementId: 's', billId: 'b', txId: null } as const;

describe('break id', () => {
  it('is a UUID that follows from the content', () => {
    expect(z.uuid().parse(breakIdOf(content))).toBe(breakIdOf({ ...content }));
    expect(breakIdOf(content)[14]).toBe('8');
  });

  it.each([{ type: 'TIME_DIFF' }, { settlementId: 't' }, { billId: null }, { txId: 'x' }] as const)(
    'differs by %p',
    (change) => {
      expect(breakIdOf({ ...content, ...change })).not.toBe(breakIdOf(content));
    },
  );
});
