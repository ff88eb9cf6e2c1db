/** A page that polls needs one per second; an import of accounts needs a few hundred. */
export const REQUESTS_PER_SECOND_PER_TOKEN = 200;
export const REQUEST_BURST_PER_TOKEN = 1_000;
/** A person who mistypes needs few; a guesser gets nowhere. */
export const FAILURES_PER_SECOND_PER_ADDRESS = 5;
export const FAILURE_BURST_PER_ADDRESS = 100;
/** Bounds the memory that made-up addresses can take. */
export const RATE_KEYS_MAX = 10_000;

interface Bucket {
  tokens: number;
  updatedAtMs: number;
}

/** Token buckets in memory: one set per API token, one per address with failed authentication. */
export class RateLimiter {
  private readonly byToken = new Map<string, Bucket>();
  private readonly byAddress = new Map<string, Bucket>();

  constructor(private readonly nowMs: () => number) {}

  /** Seconds to wait, 0 when the request may pass. */
  take(tokenId: string): number {
    return this.draw(this.byToken, tokenId, REQUESTS_PER_SECOND_PER_TOKEN, REQUEST_BURST_PER_TOKEN);
  }

  takeFailure(address: string): number {
    return this.draw(this.byAddress, address, FAILURES_PER_SECOND_PER_ADDRESS, FAILURE_BURST_PER_ADDRESS);
  }

  private draw(buckets: Map<string, Bucket>, key: string, perSecond: number, burst: number): number {
    const nowMs = this.nowMs();
    const bucket = buckets.get(key) ?? { tokens: burst, updatedAtMs: nowMs };
    const elapsedSeconds = Math.max(0, nowMs - bucket.updatedAtMs) / 1000;
    const tokens = Math.min(burst, bucket.tokens + elapsedSeconds * perSecond);
    const passes = tokens >= 1;
    // Re-inserted, so that the map's order is by last use and the first key is the one to forget.
    buckets.delete(key);
    buckets.set(key, { tokens: passes ? tokens - 1 : tokens, updatedAtMs: nowMs });
    if (buckets.size > RATE_KEYS_MAX) forgetOldest(buckets);
    return passes ? 0 : Math.ceil((1 - tokens) / perSecond);
  }
}

function forgetOldest(buckets: Map<string, Bucket>): void {
  const oldest = buckets.keys().next();
  if (oldest.done !== true) buckets.delete(oldest.value);
}
