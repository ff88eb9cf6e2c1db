import { describe, expect, it } from '@jest/globals';
import type { Curve } from './run-figure.js';
import { FIGURE_6, FIGURE_7, FIGURE_8, type Figure } from './scenarios.js';
import { ABOUT, AGREEMENT_MAX, SHARE_AT_100, SHARE_AT_200, statementsOf } from './statements.js';

type Shape = (n: number) => number;

/** A curve per scenario, the same in three seeds. */
function curvesOf(figure: Figure, shapes: readonly Shape[]): Curve[] {
  return figure.scenarios.map((scenario, index) => {
    const row = Array.from({ length: 401 }, (_, n) => shapes[index]?.(n) ?? 0);
    return { scenario, levels: [row, row, row], meanRating: scenario.ratingMean };
  });
}

function broken(figure: Figure, shapes: readonly Shape[]): string[] {
  return statementsOf(figure.number, curvesOf(figure, shapes))
    .filter(({ met }) => !met)
    .map(({ bench }) => bench);
}

/** A straight climb from `from` that passes `level` at n, flat from `top` on. */
function climb(level: number, n: number, top: number, from = 0): Shape {
  return (at) => Math.min(top, from + ((level - from) * at) / n);
}
/** 0.88 of the mean at 100, then 0.98. */
const settling =
  (mean: number): Shape =>
  (n) =>
    mean * (n <= 100 ? 0.0088 * n : 0.98);

const SIX = [settling(4), settling(3), settling(2)];
const SEVEN = [climb(2.7, 61, 3), climb(2.7, 81, 3), climb(2.7, 105, 3)];
const EIGHT = [climb(3.5, 113, 4.5, 2), climb(3.5, 191, 4.4, 2), climb(3.4, 400, 4, 2)];

/** Replaces one curve. */
function but(shapes: readonly Shape[], index: number, shape: Shape): Shape[] {
  return shapes.map((kept, at) => (at === index ? shape : kept));
}

describe('the bounds', () => {
  it('are the paper’s', () => {
    expect([SHARE_AT_100, SHARE_AT_200, AGREEMENT_MAX]).toEqual([{ min: 0.84, max: 0.92 }, { min: 0.95 }, 0.1]);
    expect(ABOUT).toEqual({ min: 0.9, max: 1.1 });
  });
});

describe('figure 6', () => {
  it('keeps everything on curves as the paper has them', () => {
    expect(broken(FIGURE_6, SIX)).toEqual([]);
    expect(statementsOf(6, curvesOf(FIGURE_6, SIX))).toHaveLength(10);
  });

  it.each<[string, Shape, string[]]>([
    ['is one seed short of its order at n = 400', (n) => (n === 400 ? 5 : settling(3)(n)), ['figure-6/order']],
    ['is out of order at n = 25', (n) => (n === 25 ? 5 : settling(3)(n)), ['figure-6/order']],
    ['is too low at 100', (n) => (n === 100 ? 2.5 : settling(3)(n)), ['figure-6/mean-3-at-100']],
    ['is too high at 100', (n) => (n === 100 ? 2.8 : settling(3)(n)), ['figure-6/mean-3-at-100']],
    ['is too low at 200', (n) => (n === 200 ? 2.8 : settling(3)(n)), ['figure-6/mean-3-at-200']],
    ['ends above the mean', (n) => (n > 200 ? 3.11 : settling(3)(n)), ['figure-6/mean-3-settled']],
    ['ends below the mean', (n) => (n > 200 ? 2.89 : settling(3)(n)), ['figure-6/mean-3-settled']],
  ])('breaks when a curve %s', (_name, shape, expected) => {
    expect(broken(FIGURE_6, but(SIX, 1, shape))).toEqual(expected);
  });

  it('is free below n = 25', () => {
    expect(
      broken(
        FIGURE_6,
        but(SIX, 1, (n) => (n < 25 ? 5 : settling(3)(n))),
      ),
    ).toEqual([]);
  });

  it('breaks its order by a single seed', () => {
    const curves = curvesOf(FIGURE_6, SIX);
    const [first = [], ...rest] = curves[0]?.levels ?? [];
    const odd = curves.map((curve, index) =>
      index === 0 ? { ...curve, levels: [first.map((level, n) => (n === 50 ? 0 : level)), ...rest] } : curve,
    );
    expect(statementsOf(6, odd)[0]).toMatchObject({ bench: 'figure-6/order', met: false, ours: { value: 2 } });
  });
});

describe('figure 7', () => {
  it('keeps everything on curves as the paper has them', () => {
    // Straight lines meet at the top earlier than real ones: order is looked at where they still climb.
    const ordered = SEVEN.map(
      (shape, index): Shape =>
        (n) =>
          shape(n) - index * 0.001,
    );
    expect(broken(FIGURE_7, ordered)).toEqual([]);
    expect(statementsOf(7, curvesOf(FIGURE_7, ordered))).toHaveLength(6);
  });

  it('breaks the order by a tie at n = 125', () => {
    expect(broken(FIGURE_7, SEVEN)).toEqual(['figure-7/order']);
  });

  it('breaks when M makes no difference to the speed', () => {
    const same = climb(2.7, 81, 3);
    expect(broken(FIGURE_7, [same, same, same])).toEqual([
      'figure-7/order',
      'figure-7/median-falls',
      'figure-7/m-09-to-2.7',
      'figure-7/m-01-to-2.7',
    ]);
  });

  it('breaks when the ends differ, as if M rewarded by level', () => {
    const lifted = SEVEN.map(
      (shape, index): Shape =>
        (n) =>
          shape(n) + (n > 125 ? (2 - index) * 0.06 : -index * 0.001),
    );
    expect(broken(FIGURE_7, lifted)).toEqual(['figure-7/agree']);
  });
});

describe('figure 8', () => {
  it('keeps everything on curves as the paper has them', () => {
    expect(broken(FIGURE_8, EIGHT)).toEqual([]);
    expect(statementsOf(8, curvesOf(FIGURE_8, EIGHT))).toHaveLength(4);
  });

  it.each<[string, number, Shape, string[]]>([
    ['scenario 1 is slow', 0, climb(3.5, 130, 4.5, 2), ['figure-8/scenario-1-to-3.5']],
    ['scenario 2 never arrives', 1, climb(3.4, 191, 3.4, 2), ['figure-8/scenario-2-to-3.5']],
    ['scenario 3 arrives', 2, climb(3.5, 400, 4, 2), ['figure-8/scenario-3-to-3.5']],
    ['scenario 3 leads at n = 5', 2, (n) => (n === 5 ? 3 : climb(3.4, 400, 4, 2)(n)), ['figure-8/order']],
    ['scenario 3 leads at n = 200', 2, (n) => (n === 200 ? 4.6 : 2), ['figure-8/order', 'figure-8/scenario-3-to-3.5']],
  ])('breaks when %s', (_name, index, shape, expected) => {
    expect(broken(FIGURE_8, but(EIGHT, index, shape))).toEqual(expected);
  });
});
