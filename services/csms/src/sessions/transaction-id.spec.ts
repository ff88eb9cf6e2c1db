import { describe, expect, it } from '@jest/globals';
import { RandomTransactionIds, TRANSACTION_ID_MAX } from './transaction-id.js';

describe('transaction ids', () => {
  it('are positive, fit 31 bits, and do not follow each other', () => {
    const ids = new RandomTransactionIds();
    const drawn = Array.from({ length: 1000 }, () => ids.draw());
    expect(drawn.every((id) => Number.isInteger(id) && id >= 1 && id <= TRANSACTION_ID_MAX)).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(990);
    expect(drawn.some((id, index) => index > 0 && id < (drawn[index - 1] ?? 0))).toBe(true);
    expect(TRANSACTION_ID_MAX).toBe(2 ** 31 - 1);
  });
});
