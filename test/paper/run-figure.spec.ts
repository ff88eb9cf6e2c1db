import { describe, expect, it, jest } from '@jest/globals';
import { chartOf } from './chart.js';
import { csvOf } from './csv.js';
import { runFigure } from './run-figure.js';
import { FIGURE_8, FIGURES, RATINGS_PER_CURVE } from './scenarios.js';
import { statementsOf } from './statements.js';

const SEEDS = 2;
/** 6,400 ratings by the contract. */
jest.setTimeout(60_000);

describe('the figures, with two seeds', () => {
  it.each(FIGURES.map((figure) => ({ figure, title: figure.title })))('$title', async ({ figure }) => {
    const curves = await runFigure(figure, SEEDS);
    expect(curves.map(({ scenario }) => scenario)).toEqual(figure.scenarios);
    for (const { levels, scenario } of curves) {
      expect(levels.map((row) => [row.length, row[0]])).toEqual(
        Array.from({ length: SEEDS }, () => [RATINGS_PER_CURVE + 1, scenario.startLevel]),
      );
      expect(levels.flat().every((level) => level >= 0 && level <= 5)).toBe(true);
    }
    // Medians of two seeds lie further from the independent count than those of twenty.
    const statements = statementsOf(figure.number, curves).filter(({ bench }) => !bench.includes('-to-'));
    expect(statements.filter(({ met }) => !met)).toEqual([]);
    expect(chartOf(figure, curves)).toContain(figure.title);
    expect(csvOf(curves).trimEnd().split('\n')).toHaveLength(1 + 3 * SEEDS * (RATINGS_PER_CURVE + 1));
  });

  it('gives the same values for the same seeds', async () => {
    const [one, two] = [await runFigure(FIGURE_8, 1, 5), await runFigure(FIGURE_8, 1, 5)];
    expect(one).toEqual(two);
  });

  it('counts the ratings before the start in the running mean', async () => {
    const [, , other] = await runFigure(FIGURE_8, 1, 3);
    const first = other?.levels[0]?.[1] ?? 0;
    expect(Number.isInteger(Math.round(first * 201 * 1e9) / 1e9)).toBe(true);
    expect(first * 201 - 400).toBeGreaterThanOrEqual(1);
    expect(first * 201 - 400).toBeLessThanOrEqual(5);
  });
});
