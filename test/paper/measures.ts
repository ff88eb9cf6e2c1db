import type { Levels } from './run-figure.js';

/** Figures read curves: rows are seeds, [n] the value after n ratings. Throws when a curve is too short. */
export function levelAt(levels: Levels, n: number): number {
  const level = levels[n];
  if (level === undefined) throw new RangeError(`no value after ${n} ratings`);
  return level;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of an even count: halfway between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  if (low === undefined || high === undefined) throw new RangeError('no values');
  return low === high ? low : (low + high) / 2;
}

/** Averaged over the seeds. */
export function meanAt(rows: readonly Levels[], n: number): number {
  return mean(rows.map((levels) => levelAt(levels, n)));
}

/** Averaged over the seeds and over n = from … to. */
export function meanOver(rows: readonly Levels[], from: number, to: number): number {
  return mean(Array.from({ length: to - from + 1 }, (_, index) => meanAt(rows, from + index)));
}

/** Ratings until the level is reached; Infinity when it never is. */
export function ratingsToReach(levels: Levels, level: number): number {
  const n = levels.findIndex((value) => value >= level);
  return n < 0 ? Number.POSITIVE_INFINITY : n;
}

/** Seeds in which the curves keep their order, highest first and without a tie, at every n = from … to. */
export function seedsInOrder(curves: readonly (readonly Levels[])[], from: number, to: number): number {
  const [highest = []] = curves;
  return highest.filter((_, seed) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index).every((n) =>
      isFalling(curves.map((rows) => levelAt(rows[seed] ?? [], n))),
    ),
  ).length;
}

export function isFalling(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value < (values[index - 1] ?? Number.NaN));
}
