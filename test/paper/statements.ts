import { isFalling, mean, meanAt, meanOver, median, ratingsToReach, seedsInOrder } from './measures.js';
import type { Curve } from './run-figure.js';
import type { Figure } from './scenarios.js';
import { judge, type Statement } from './statement.js';

/** Figure 6: R(100) as a share of the mean rating, between the two. */
export const SHARE_AT_100 = { min: 0.84, max: 0.92 };
export const SHARE_AT_200 = { min: 0.95 };
/** Two values of the last ratings that agree differ by no more, in levels. */
export const AGREEMENT_MAX = 0.1;
/** "About": 20 seeds move a median by this share. */
export const ABOUT = { min: 0.9, max: 1.1 };
const EVERY_SEED = { min: 1, max: 1 };

/** An independent count of the medians: ratings until 2.7 with M = 0.9, 0.5, 0.1; until 3.5 in scenarios 1 and 2. */
const MEDIANS_TO_2_7 = [61, 81, 105];
const MEDIANS_TO_3_5 = [113, 191];

/** The paper's statements about one figure, judged on its curves in the figure's order. */
export function statementsOf(figure: Figure['number'], curves: readonly Curve[]): Statement[] {
  switch (figure) {
    case 6:
      return aboutFigure6(curves);
    case 7:
      return aboutFigure7(curves);
    case 8:
      return aboutFigure8(curves);
  }
}

function aboutFigure6(curves: readonly Curve[]): Statement[] {
  const last = lastRating(curves);
  return [
    inOrder('figure-6/order', curves, 25, last, 'value of mean 4 > 3 > 2 from n = 25 on'),
    ...curves.flatMap((curve) => settles(curve, last)),
  ];
}

function settles({ scenario, levels, meanRating }: Curve, last: number): Statement[] {
  const limit = { name: 'mean rating', value: meanRating, unit: '' };
  const at = (n: number) => ({ value: meanAt(levels, n), unit: '' });
  const late = Math.abs(meanOver(levels, 201, last) - meanRating);
  return [
    judge({
      bench: `figure-6/${scenario.key}-at-100`,
      text: 'R(100), averaged over seeds, is 0.84–0.92 of the mean rating',
      limit,
      ours: at(100),
      goal: SHARE_AT_100,
    }),
    judge({
      bench: `figure-6/${scenario.key}-at-200`,
      text: 'R(200), averaged over seeds, is at least 0.95 of the mean rating',
      limit,
      ours: at(200),
      goal: SHARE_AT_200,
    }),
    within(`figure-6/${scenario.key}-settled`, late, `mean R over 201…${last} is the mean rating`),
  ];
}

function aboutFigure7(curves: readonly Curve[]): Statement[] {
  const last = lastRating(curves);
  const medians = curves.map(({ levels }) => medianTo(levels, 2.7));
  const ends = curves.map(({ levels }) => meanOver(levels, 301, last));
  return [
    inOrder('figure-7/order', curves, 5, 125, 'M(.9) > M(.5) > M(.1) for n = 5…125'),
    judge({
      bench: 'figure-7/median-falls',
      text: 'the median n to reach 2.7 falls with M',
      limit: { name: 'steps between the curves', value: curves.length - 1, unit: 'steps' },
      ours: { value: fallingSteps(medians), unit: 'steps' },
      goal: EVERY_SEED,
    }),
    ...about('figure-7', curves, medians, MEDIANS_TO_2_7, 2.7),
    within(
      'figure-7/agree',
      Math.max(...ends) - Math.min(...ends),
      `over 301…${last} the three agree: M rewards by speed`,
    ),
  ];
}

function aboutFigure8(curves: readonly Curve[]): Statement[] {
  const medians = curves.map(({ levels }) => medianTo(levels, 3.5));
  const slowest = curves.at(-1)?.levels ?? [];
  return [
    inOrder('figure-8/order', curves, 5, 200, 'scenario 1 > 2 > 3 for n = 5…200'),
    ...about('figure-8', curves, medians, MEDIANS_TO_3_5, 3.5),
    judge({
      bench: 'figure-8/scenario-3-to-3.5',
      text: `scenario 3 never reaches 3.5 in ${lastRating(curves)} ratings`,
      limit: { name: 'seeds', value: slowest.length, unit: 'seeds' },
      ours: { value: slowest.filter((levels) => Number.isFinite(ratingsToReach(levels, 3.5))).length, unit: 'seeds' },
      goal: { max: 0 },
    }),
  ];
}

function inOrder(bench: string, curves: readonly Curve[], from: number, to: number, order: string): Statement {
  return judge({
    bench,
    text: `${order}, in every seed`,
    limit: { name: 'seeds', value: curves[0]?.levels.length ?? 0, unit: 'seeds' },
    ours: {
      value: seedsInOrder(
        curves.map(({ levels }) => levels),
        from,
        to,
      ),
      unit: 'seeds',
    },
    goal: EVERY_SEED,
  });
}

function within(bench: string, difference: number, text: string): Statement {
  const limit = { name: 'difference at most', value: AGREEMENT_MAX, unit: '' };
  return judge({ bench, text, limit, ours: { value: difference, unit: '' }, goal: { max: 1 } });
}

function about(
  figure: string,
  curves: readonly Curve[],
  medians: readonly number[],
  counted: readonly number[],
  level: number,
): Statement[] {
  return counted.map((value, index) =>
    judge({
      bench: `${figure}/${curves[index]?.scenario.key}-to-${level}`,
      text: `median n to reach ${level} is about ${value}`,
      limit: { name: 'independent count', value, unit: 'ratings' },
      ours: { value: medians[index] ?? Number.NaN, unit: 'ratings' },
      goal: ABOUT,
    }),
  );
}

function medianTo(rows: Curve['levels'], level: number): number {
  return median(rows.map((levels) => ratingsToReach(levels, level)));
}

/** Curves are listed by falling M, so the medians have to rise along the list. */
function fallingSteps(medians: readonly number[]): number {
  return medians.slice(1).filter((value, index) => isFalling([value, medians[index] ?? Number.NaN])).length;
}

function lastRating(curves: readonly Curve[]): number {
  return mean(curves.flatMap(({ levels }) => levels.map((row) => row.length - 1)));
}
