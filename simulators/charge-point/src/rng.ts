/** 2^32: range of the generator's state. */
const STATE_RANGE = 0x1_0000_0000;

/** Seeded random numbers (mulberry32): the same seed gives the same run, on every machine. */
export class Rng {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** A number in [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / STATE_RANGE;
  }

  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number {
    if (high < low) throw new RangeError(`empty range ${low}…${high}`);
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }

  /** A generator of its own for one pile or session, so that concurrency does not change what each draws. */
  fork(label: string): Rng {
    let hash = 0x811c9dc5 ^ this.seed;
    for (let index = 0; index < label.length; index += 1) hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193);
    return new Rng(hash);
  }
}
