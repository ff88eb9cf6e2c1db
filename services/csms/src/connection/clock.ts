/** Two clocks: one tells when something happened, the other how long it took and never jumps (reliability.md section 4). */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds since an arbitrary start, never backwards. */
  readonly monotonic: () => number;
}

export const SYSTEM_CLOCK: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
