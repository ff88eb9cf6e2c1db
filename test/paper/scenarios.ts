/** How a curve's value follows from its ratings: formula (3) on the ledger, or the plain mean of other models. */
export type Method = 'contract' | 'runningMean';

/** One curve of a figure. */
export interface Scenario {
  readonly key: string;
  readonly label: string;
  readonly method: Method;
  /** μ of the ratings N(μ, 0.6). */
  readonly ratingMean: number;
  /** M in tenths: l of L = 10 ledger updates, with β = 1. */
  readonly experienceTenths: number;
  /** R_v is uniform between these; equal bounds are a constant. At most 1, as formula (2) has it. */
  readonly creditFrom: number;
  readonly creditTo: number;
  /** Value before the first rating, and the ratings that gave it. */
  readonly startLevel: number;
  readonly startRatings: number;
}

export interface Figure {
  readonly number: 6 | 7 | 8;
  readonly title: string;
  /** What the picture has to say beyond its curves. */
  readonly caption: string;
  readonly scenarios: readonly Scenario[];
}

/** The 0.6 of N(μ, 0.6), read as the standard deviation. */
export const RATING_DEVIATION = 0.6;
/** Ratings per curve: "stable after about 200", and as many again to see that it stays so. */
export const RATINGS_PER_CURVE = 400;
/** The paper draws R_v up to 4; formula (2) keeps it within 1. */
const CREDIT_DIVISOR = 4;

const CLIMB = { method: 'contract', creditFrom: 1, creditTo: 1, startLevel: 0, startRatings: 0 } as const;
/** A station of value 2 after 200 ratings, whose service then improved. The paper leaves M open; it is figure 6's. */
const IMPROVED = { ratingMean: 4, experienceTenths: 1, startLevel: 2, startRatings: 200 } as const;

export const FIGURE_6: Figure = {
  number: 6,
  title: 'Figure 6: evaluation with different users',
  caption: 'M = 0.1, R_v = 1. The value settles at the mean rating after about 200 ratings.',
  scenarios: [4, 3, 2].map((mean) => ({
    ...CLIMB,
    key: `mean-${mean}`,
    label: `W from N(${mean}, 0.6)`,
    ratingMean: mean,
    experienceTenths: 1,
  })),
};

export const FIGURE_7: Figure = {
  number: 7,
  title: 'Figure 7: evaluation with different endorsement experience',
  caption: 'W from N(3, 0.6), R_v = 1. M rewards by speed: it leads the climb, and all end at the mean rating.',
  scenarios: [9, 5, 1].map((tenths) => ({
    ...CLIMB,
    key: `m-0${tenths}`,
    label: `M = 0.${tenths}`,
    ratingMean: 3,
    experienceTenths: tenths,
  })),
};

export const FIGURE_8: Figure = {
  number: 8,
  title: 'Figure 8: evaluation after service has improved',
  caption: 'W from N(4, 0.6), M = 0.1, from 2.0 after 200 ratings. R_v is the paper’s divided by 4.',
  scenarios: [
    {
      ...IMPROVED,
      key: 'scenario-1',
      label: 'Scenario 1: formula (3), R_v in [1, 4] / 4',
      method: 'contract',
      creditFrom: 1 / CREDIT_DIVISOR,
      creditTo: 4 / CREDIT_DIVISOR,
    },
    {
      ...IMPROVED,
      key: 'scenario-2',
      label: 'Scenario 2: formula (3), R_v in [1, 2] / 4',
      method: 'contract',
      creditFrom: 1 / CREDIT_DIVISOR,
      creditTo: 2 / CREDIT_DIVISOR,
    },
    {
      ...IMPROVED,
      key: 'scenario-3',
      label: 'Scenario 3: running mean over all ratings',
      method: 'runningMean',
      creditFrom: 0,
      creditTo: 2 / CREDIT_DIVISOR,
    },
  ],
};

export const FIGURES: readonly Figure[] = [FIGURE_6, FIGURE_7, FIGURE_8];
