/** A rate with a burst. Time is given, not asked, so that no timer runs while the rate is kept. */
export class TokenBucket {
  private tokens: number;
  private filledAtMs: number;

  constructor(
    private readonly ratePerS: number,
    private readonly burst: number,
    nowMs: number,
  ) {
    this.tokens = burst;
    this.filledAtMs = nowMs;
  }

  /** Takes one token, if need be from the future: the milliseconds to wait until it exists. */
  take(nowMs: number): number {
    const grown = ((nowMs - this.filledAtMs) * this.ratePerS) / 1000;
    this.tokens = Math.min(this.burst, this.tokens + Math.max(0, grown)) - 1;
    this.filledAtMs = nowMs;
    return this.tokens >= 0 ? 0 : Math.ceil((-this.tokens * 1000) / this.ratePerS);
  }
}
