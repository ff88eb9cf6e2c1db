import { describe, expect, it } from '@jest/globals';
import { FIGURE_6, FIGURE_7, FIGURE_8, FIGURES, RATING_DEVIATION, RATINGS_PER_CURVE } from './scenarios.js';

describe('the scenarios of the paper', () => {
  it('draw N(μ, 0.6), 400 times', () => {
    expect([RATING_DEVIATION, RATINGS_PER_CURVE]).toEqual([0.6, 400]);
  });

  it('figure 6: means 4, 3, 2 with M = 0.1 and R_v = 1, from 0', () => {
    expect(FIGURE_6.scenarios.map(({ ratingMean }) => ratingMean)).toEqual([4, 3, 2]);
    const common = { method: 'contract', experienceTenths: 1, creditFrom: 1, creditTo: 1, startLevel: 0 };
    for (const scenario of FIGURE_6.scenarios) expect(scenario).toMatchObject(common);
  });

  it('figure 7: M = 0.9, 0.5, 0.1 with mean 3, and says that M rewards by speed', () => {
    expect(FIGURE_7.scenarios.map(({ experienceTenths }) => experienceTenths)).toEqual([9, 5, 1]);
    const common = { method: 'contract', ratingMean: 3, creditFrom: 1, creditTo: 1, startLevel: 0 };
    for (const scenario of FIGURE_7.scenarios) expect(scenario).toMatchObject(common);
    expect(FIGURE_7.caption).toContain('M rewards by speed');
  });

  it('figure 8: from 2.0 after 200 ratings, R_v divided by 4, scenario 3 the running mean', () => {
    const credits = FIGURE_8.scenarios.map(({ creditFrom, creditTo }) => [creditFrom * 4, creditTo * 4]);
    expect(credits).toEqual([
      [1, 4],
      [1, 2],
      [0, 2],
    ]);
    expect(FIGURE_8.scenarios.map(({ method }) => method)).toEqual(['contract', 'contract', 'runningMean']);
    const common = { ratingMean: 4, startLevel: 2, startRatings: 200 };
    for (const scenario of FIGURE_8.scenarios) expect(scenario).toMatchObject(common);
  });

  it('have keys of their own, and no credit that formula (2) cannot give', () => {
    const scenarios = FIGURES.flatMap((figure) => figure.scenarios);
    expect(new Set(scenarios.map(({ key }) => key)).size).toBe(scenarios.length);
    expect(scenarios.every(({ creditFrom, creditTo }) => creditFrom >= 0 && creditTo <= 1)).toBe(true);
  });
});
