import { describe, expect, it } from '@jest/globals';
import { SETTLE_ITEMS_MAX } from '@tallywatt/contracts';
import { CREDIT_COUNT, LEVEL_E6, PAPER_PARAMETERS, RatingLedger } from './rating-ledger.js';

const STATION = { stationId: 'CS', experienceTenths: 1, startLevel: 0, startRatings: 0 };
const RATING = { stationId: 'CS', rating: 4, creditMilli: CREDIT_COUNT };

/** Formula (3) in floating point, written down once more. */
function formula3(before: number, experience: number, credit: number, rating: number): number {
  const damping = 1 - 1 / (1 + Math.exp(-(before - 5)));
  return before + 0.1 * (1 + experience) * damping * credit * (rating / 5 - before / 5);
}

async function levelAfter(station: Partial<typeof STATION>, rating: Partial<typeof RATING>): Promise<number> {
  const ledger = await RatingLedger.open([{ ...STATION, ...station }]);
  return ((await ledger.rate([{ ...RATING, ...rating }])).get('CS') ?? Number.NaN) / LEVEL_E6;
}

describe('RatingLedger', () => {
  it('runs with β = 1, the rest as the ledger has it', () => {
    expect(PAPER_PARAMETERS).toMatchObject({ alphaE6: '10000000', betaE6: '1000000', sigmaE6: '1000000' });
  });

  it.each([
    ['M = 0.1, R_v = 1', {}, {}, formula3(0, 0.1, 1, 4)],
    ['M = 0.9', { experienceTenths: 9 }, {}, formula3(0, 0.9, 1, 4)],
    ['R_v = 0.25', {}, { creditMilli: 250 }, formula3(0, 0.1, 0.25, 4)],
    ['a start at 2.0', { startLevel: 2, startRatings: 200 }, {}, formula3(2, 0.1, 1, 4)],
    ['W = 1 from above', { startLevel: 2, startRatings: 200 }, { rating: 1 }, formula3(2, 0.1, 1, 1)],
  ])('has the contract apply formula (3) with %s', async (_name, station, rating, expected) => {
    expect(await levelAfter(station, rating)).toBeCloseTo(expected, 5);
  });

  it('gives each of several stations its own M', async () => {
    const tenths = [9, 5, 1];
    const stations = tenths.map((experienceTenths) => ({
      ...STATION,
      stationId: `M${experienceTenths}`,
      experienceTenths,
    }));
    const ledger = await RatingLedger.open(stations);
    const values = await ledger.rate(stations.map(({ stationId }) => ({ ...RATING, stationId })));
    tenths.forEach((m) => {
      expect((values.get(`M${m}`) ?? 0) / LEVEL_E6).toBeCloseTo(formula3(0, m / 10, 1, 4), 5);
    });
  });

  it('splits more ratings than a batch may hold (SETTLE_ITEMS_MAX)', async () => {
    const stations = Array.from({ length: SETTLE_ITEMS_MAX + 1 }, (_, index) => ({
      ...STATION,
      stationId: `CS-${index}`,
    }));
    const ledger = await RatingLedger.open(stations);
    const values = await ledger.rate(stations.map(({ stationId }) => ({ ...RATING, stationId })));
    expect(values.size).toBe(stations.length);
    expect(new Set(values.values()).size).toBe(1);
  });

  it('throws when the contract refuses a rating', async () => {
    await expect(levelAfter({}, { rating: 6 })).rejects.toThrow(/did not take a rating/);
    await expect(levelAfter({}, { stationId: 'other' })).rejects.toThrow(/INTERNAL|did not take a rating/);
  });
});
