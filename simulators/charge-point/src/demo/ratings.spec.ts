import { describe, expect, it } from '@jest/globals';
import { ApiClient, ApiError } from '../api-client.js';
import { systemClock } from '../clock.js';
import { Rng } from '../rng.js';
import { drawRating, rateOne } from './ratings.js';

const BILL = { id: 'b1', operatorId: 'TELD', kind: 'bill', rating: null };

class FakeApi extends ApiClient {
  readonly posted: object[] = [];
  constructor(
    private readonly bills: readonly object[],
    private readonly status = 201,
  ) {
    super('http://unused', '', systemClock);
  }
  override get(): Promise<unknown> {
    return Promise.resolve({ data: this.bills, nextCursor: null });
  }
  override post(_path: string, body: object): Promise<unknown> {
    this.posted.push(body);
    return this.status === 201 ? Promise.resolve({}) : Promise.reject(new ApiError(this.status, 'x', 'x'));
  }
}

describe('drawRating', () => {
  it('stays within 1 … 5 and prefers the better operator', () => {
    const mean = (operatorId: string): number => {
      const rng = new Rng(5);
      const ratings = Array.from({ length: 500 }, () => drawRating(operatorId, rng));
      expect(ratings.every((rating) => Number.isInteger(rating) && rating >= 1 && rating <= 5)).toBe(true);
      return ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
    };
    expect(mean('TELD')).toBeGreaterThan(mean('PTNE') + 1);
  });
});

describe('rateOne', () => {
  it('rates the newest unrated bill, and no credit note', async () => {
    const api = new FakeApi([{ ...BILL, id: 'c', kind: 'creditNote' }, { ...BILL, id: 'rated', rating: 3 }, BILL]);
    await rateOne(api, 'EV', new Rng(1));
    expect(api.posted).toEqual([{ billId: 'b1', rating: expect.any(Number) }]);
  });

  it('has nothing to do without bills, and accepts that a bill is rated already', async () => {
    const idle = new FakeApi([]);
    await rateOne(idle, 'EV', new Rng(1));
    expect(idle.posted).toEqual([]);
    await expect(rateOne(new FakeApi([BILL], 409), 'EV', new Rng(1))).resolves.toBeUndefined();
    await expect(rateOne(new FakeApi([BILL], 403), 'EV', new Rng(1))).rejects.toThrow(ApiError);
  });
});
