import { describe, expect, it } from '@jest/globals';
import { chartOf } from './chart.js';
import { csvOf } from './csv.js';
import type { Curve } from './run-figure.js';
import { FIGURE_7 } from './scenarios.js';

const CURVES: Curve[] = FIGURE_7.scenarios.map((scenario) => ({
  scenario,
  levels: [
    [0, 1, 2],
    [0, 3, 4],
  ],
  meanRating: 3,
}));

describe('a picture', () => {
  const svg = chartOf(FIGURE_7, CURVES);

  it('names figure, axes, scenarios and seeds, and that M rewards by speed', () => {
    const texts = ['ratings n', 'evaluation R', 'Lines: mean of 2 seeds.', 'M rewards by speed'];
    for (const text of [...texts, ...FIGURE_7.scenarios.map(({ label }) => label)]) expect(svg).toContain(text);
  });

  it('draws the mean as a line inside the band of the seeds', () => {
    expect(svg.match(/<polyline points="70,486 471,322.8 872,241.2"/g)).toHaveLength(3);
    expect(svg).toContain('<polygon points="70,486 471,241.2 872,159.6 872,322.8 471,404.4 70,486"');
  });

  it('escapes what XML would read as markup', () => {
    expect(chartOf({ ...FIGURE_7, title: 'a < b & c' }, CURVES)).toContain('a &lt; b &amp; c');
  });
});

describe('the CSV', () => {
  it('has a row per scenario, seed and rating', () => {
    const rows = csvOf(CURVES).trimEnd().split('\n');
    expect(rows).toHaveLength(1 + 3 * 2 * 3);
    expect(rows.slice(0, 3)).toEqual(['scenario,seed,n,evaluation', 'm-09,1,0,0.000000', 'm-09,1,1,1.000000']);
  });
});
