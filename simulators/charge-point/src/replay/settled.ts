import { SUPERVISION, type CredentialsFile } from '@tallywatt/contracts';
import { ApiClient } from '../api-client.js';
import type { Clock } from '../clock.js';
import { tokenOf } from '../credentials.js';
import { type ReplayedSession, sessionView } from './outcome.js';

const POLL_INTERVAL_MS = 1000;
/** States that a settlement leaves by itself. */
const MOVING_STATES = ['pending', 'prepared', 'submitted'] as const;
/** Without any progress for this long the replay stops waiting and reports what is left as unaccounted. */
export const STANDSTILL_MS_MAX = 120_000;

/** Reads the replay's sessions with the supervisor's eyes: stations of every operator. */
export class ReplayedSessions {
  private readonly api: ApiClient;

  constructor(
    credentials: CredentialsFile,
    private readonly stationIds: readonly string[],
    private readonly clock: Clock,
  ) {
    this.api = new ApiClient(credentials.api, tokenOf(credentials, 'supervisor', SUPERVISION), clock);
  }

  /** Waits until nothing moves any more. Returns how many still did when the patience ended (0 is good). */
  async waitUntilSettled(onProgress: (moving: number) => void): Promise<number> {
    let least = Number.POSITIVE_INFINITY;
    let progressAtMs = this.clock.nowMs();
    for (;;) {
      const moving = await this.moving();
      onProgress(moving);
      if (moving === 0) return 0;
      const nowMs = this.clock.nowMs();
      if (moving < least) {
        least = moving;
        progressAtMs = nowMs;
      }
      if (nowMs - progressAtMs > STANDSTILL_MS_MAX) return moving;
      await this.clock.sleep(POLL_INTERVAL_MS);
    }
  }

  async count(): Promise<number> {
    let total = 0;
    for (const stationId of this.stationIds) total += await this.api.count(`/v1/sessions?stationId=${stationId}`);
    return total;
  }

  async all(): Promise<ReplayedSession[]> {
    const sessions: ReplayedSession[] = [];
    for (const stationId of this.stationIds) {
      for await (const element of this.api.list(`/v1/sessions?stationId=${stationId}`))
        sessions.push(sessionView.parse(element));
    }
    return sessions;
  }

  private async moving(): Promise<number> {
    let moving = 0;
    for (const stationId of this.stationIds) {
      moving += await this.api.count(`/v1/sessions?stationId=${stationId}&status=open`);
      for (const state of MOVING_STATES) {
        moving += await this.api.count(`/v1/sessions?stationId=${stationId}&settlementStatus=${state}`);
      }
    }
    return moving;
  }
}
