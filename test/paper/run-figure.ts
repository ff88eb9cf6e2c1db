import { drawsOf, ratingOf, type Draws } from './draws.js';
import { CREDIT_COUNT, LEVEL_E6, RatingLedger, type GivenRating } from './rating-ledger.js';
import { RATING_DEVIATION, RATINGS_PER_CURVE, type Figure, type Scenario } from './scenarios.js';

/** One value per rating: [n] is the value after n ratings, [0] the start. */
export type Levels = readonly number[];

/** A scenario's values, one row per seed. */
export interface Curve {
  readonly scenario: Scenario;
  readonly levels: readonly Levels[];
  /** Mean of all ratings that were given. */
  readonly meanRating: number;
}

/** One scenario with one seed: a station of its own. */
interface Track {
  readonly scenario: Scenario;
  readonly stationId: string;
  readonly ratings: readonly number[];
  readonly creditsMilli: readonly number[];
  readonly levels: number[];
}

/** Runs every scenario of a figure with seeds 1 … `seeds`. */
export async function runFigure(figure: Figure, seeds: number, ratingCount = RATINGS_PER_CURVE): Promise<Curve[]> {
  const draws = Array.from({ length: seeds }, (_, index) => drawsOf(index + 1, ratingCount));
  const tracks = figure.scenarios.flatMap((scenario) =>
    draws.map((drawn, index) => trackOf(scenario, index + 1, drawn)),
  );
  await rateOnLedger(
    tracks.filter(({ scenario }) => scenario.method === 'contract'),
    ratingCount,
  );
  tracks.filter(({ scenario }) => scenario.method === 'runningMean').forEach(rateByRunningMean);
  return figure.scenarios.map((scenario) =>
    curveOf(
      scenario,
      tracks.filter((track) => track.scenario === scenario),
    ),
  );
}

function trackOf(scenario: Scenario, seed: number, draws: Draws): Track {
  const { creditFrom, creditTo, ratingMean } = scenario;
  return {
    scenario,
    stationId: `${scenario.key}-seed-${seed}`,
    ratings: draws.deviates.map((deviate) => ratingOf(deviate, ratingMean, RATING_DEVIATION)),
    creditsMilli: draws.shares.map((share) =>
      Math.round((creditFrom + share * (creditTo - creditFrom)) * CREDIT_COUNT),
    ),
    levels: [scenario.startLevel],
  };
}

/** The n-th rating of all stations is one batch, so that every value between two ratings is seen. */
async function rateOnLedger(tracks: readonly Track[], ratingCount: number): Promise<void> {
  const ledger = await RatingLedger.open(tracks.map(({ scenario, stationId }) => ({ ...scenario, stationId })));
  for (let index = 0; index < ratingCount; index += 1) {
    const values = await ledger.rate(tracks.map((track) => givenBy(track, index)));
    for (const track of tracks) track.levels.push((values.get(track.stationId) ?? Number.NaN) / LEVEL_E6);
  }
}

function givenBy({ stationId, ratings, creditsMilli }: Track, index: number): GivenRating {
  return { stationId, rating: ratings[index] ?? 0, creditMilli: creditsMilli[index] ?? 0 };
}

/** The other models' evaluation: the mean of all ratings, earlier ones included. No part of the product. */
function rateByRunningMean({ scenario, ratings, levels }: Track): void {
  let sum = scenario.startLevel * scenario.startRatings;
  ratings.forEach((rating, index) => {
    sum += rating;
    levels.push(sum / (scenario.startRatings + index + 1));
  });
}

function curveOf(scenario: Scenario, tracks: readonly Track[]): Curve {
  const ratings = tracks.flatMap((track) => track.ratings);
  const meanRating = ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length;
  return { scenario, levels: tracks.map((track) => track.levels), meanRating };
}
