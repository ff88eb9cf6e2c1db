import { setTimeout as delay } from 'node:timers/promises';

/** Time as a pile sees it; injected, so that specs and accelerated runs need no waiting. */
export interface Clock {
  nowMs(): number;
  /** Resolves early, without an error, when the signal aborts. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  sleep: async (durationMs, signal) => {
    await delay(durationMs, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  },
};

/** RFC 3339 UTC, as OCPP's dateTime. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}
