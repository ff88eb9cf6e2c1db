import type { PileLink } from '../pile-link.js';

/** Round trips that are kept for the percentiles; beyond it every further one replaces the oldest. */
export const ROUND_TRIPS_MAX = 200_000;

/** Round-trip times of a fleet's calls, in milliseconds. */
export class RoundTrips {
  private readonly newest: number[] = [];
  private total = 0;

  record(durationMs: number): void {
    this.newest[this.total % ROUND_TRIPS_MAX] = durationMs;
    this.total += 1;
  }

  get count(): number {
    return this.total;
  }

  /** Nearest rank; 0 when nothing was recorded. */
  percentiles(percents: readonly number[]): number[] {
    const sorted = [...this.newest].sort((a, b) => a - b);
    return percents.map((percent) => sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0);
  }
}

/** Measures every call that is answered. */
export function timedLink(link: PileLink, roundTrips: RoundTrips): PileLink {
  const timed = async (call: () => Promise<unknown>): Promise<unknown> => {
    const startedMs = performance.now();
    const answer = await call();
    roundTrips.record(performance.now() - startedMs);
    return answer;
  };
  return {
    get connected() {
      return link.connected;
    },
    connect: () => link.connect(),
    close: () => link.close(),
    reconnect: (offlineMs) => link.reconnect(offlineMs),
    repeatFrame: (action) => link.repeatFrame(action),
    call: (action, payload) => timed(() => link.call(action, payload)),
    callRaw: (messageId, action, payload) => link.callRaw(messageId, action, payload),
    abandon: () => link.abandon(),
    callAs: (messageId, action, payload) => timed(() => link.callAs(messageId, action, payload)),
  };
}
