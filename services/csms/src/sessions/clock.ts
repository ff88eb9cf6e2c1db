/** Wall clock, injected so that tests own the time. */
export abstract class Clock {
  /** Epoch milliseconds. */
  abstract nowMs(): number;
}

export class SystemClock extends Clock {
  override nowMs(): number {
    return Date.now();
  }
}
