/** 2^32: range of the generator's words. */
const WORD_RANGE = 0x1_0000_0000;
/** The first words still resemble the seed; they are thrown away. */
const WARM_UP_WORDS = 16;

/** A number in [0, 1), the next one on each call. */
export type Uniform = () => number;

/** Seeded random numbers (a 128-bit chaotic counter generator, sfc32): same seed and stream, same numbers everywhere. */
export function uniformOf(seed: number, stream: number): Uniform {
  let [a, b, c, counter] = [seed >>> 0, stream >>> 0, 0x5bd1_e995, 1];
  const next = (): number => {
    const word = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + word) >>> 0;
    return word / WORD_RANGE;
  };
  for (let index = 0; index < WARM_UP_WORDS; index += 1) next();
  return next;
}

/** A standard normal deviate (Box–Muller). */
export function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** W = clamp(round(N(mean, deviation)), 1, 5) for a standard normal deviate. */
export function ratingOf(deviate: number, mean: number, deviation: number): number {
  return Math.min(5, Math.max(1, Math.round(mean + deviation * deviate)));
}

/** What one seed draws: a standard normal deviate and a uniform number per rating. */
export interface Draws {
  readonly deviates: readonly number[];
  readonly shares: readonly number[];
}

/**
 * Draws of one seed. Every scenario of a figure uses the same ones, so that curves of a seed differ by their scenario
 * alone, and "in every seed" compares the same customers.
 */
export function drawsOf(seed: number, count: number): Draws {
  const [ofRatings, ofCredits] = [uniformOf(seed, 1), uniformOf(seed, 2)];
  return {
    deviates: Array.from({ length: count }, () => normal(ofRatings)),
    shares: Array.from({ length: count }, ofCredits),
  };
}
