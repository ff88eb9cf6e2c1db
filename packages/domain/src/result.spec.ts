import { describe, expect, it } from '@jest/globals';
import { failure, success } from './result.js';

describe('result', () => {
  it('carries a value or a fault, never both', () => {
    expect(success(1)).toEqual({ ok: true, value: 1 });
    expect(failure('NO_PRICE')).toEqual({ ok: false, fault: 'NO_PRICE' });
  });
});
