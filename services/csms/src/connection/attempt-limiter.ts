import { LIMITER_ENTRIES_MAX } from './limits.js';

/** Failures per key in fixed windows; bounded: when full, the oldest window is forgotten first. */
export class AttemptLimiter {
  private readonly windows = new Map<string, { failures: number; endsAtMs: number }>();

  constructor(
    private readonly failuresMax: number,
    private readonly windowMs: number,
  ) {}

  /** Milliseconds until the key may try again; 0 when it may try now. */
  lockedForMs(key: string, nowMs: number): number {
    const window = this.windows.get(key);
    if (window === undefined || window.endsAtMs <= nowMs || window.failures < this.failuresMax) return 0;
    return window.endsAtMs - nowMs;
  }

  recordFailure(key: string, nowMs: number): void {
    const window = this.windows.get(key);
    if (window !== undefined && window.endsAtMs > nowMs) {
      window.failures++;
      return;
    }
    this.windows.delete(key);
    this.evictOldest();
    this.windows.set(key, { failures: 1, endsAtMs: nowMs + this.windowMs });
  }

  /** Takes one back that turned out to be none. */
  forgive(key: string): void {
    const window = this.windows.get(key);
    if (window !== undefined && window.failures > 0) window.failures--;
  }

  /** Windows start in insertion order, so the first entries are the oldest. */
  private evictOldest(): void {
    for (const key of this.windows.keys()) {
      if (this.windows.size < LIMITER_ENTRIES_MAX) return;
      this.windows.delete(key);
    }
  }

  get size(): number {
    return this.windows.size;
  }
}
