import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Counter, Gauge, Histogram, register } from 'prom-client';
import type { Change } from './change.js';
import { CommitFeed } from './commit-feed.js';
import { DriverStanding } from './driver-standing.js';

const NAMES = {
  standingAge: 'tallywatt_standing_age_seconds',
  events: 'tallywatt_session_events_total',
  group: 'tallywatt_commit_changes',
} as const;
/** From a lone message to a full group. */
const GROUP_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** How old csms' knowledge of drivers is, what happens to sessions, and how well commits are shared. */
@Injectable()
export class SessionMetrics implements OnModuleInit {
  constructor(
    private readonly standing: DriverStanding,
    private readonly commits: CommitFeed,
  ) {}

  onModuleInit(): void {
    // An application that is built anew in one process takes over the names.
    for (const name of Object.values(NAMES)) register.removeSingleMetric(name);
    const { standing } = this;
    new Gauge({
      name: NAMES.standingAge,
      help: 'Age of the knowledge of drivers’ standing on the ledger',
      collect() {
        this.set(standing.ageMs() / 1000);
      },
    });
    const events = new Counter({
      name: NAMES.events,
      help: 'Session events, holds by their reason',
      labelNames: ['kind', 'reason'],
    });
    const group = new Histogram({ name: NAMES.group, help: 'Changes of one group commit', buckets: GROUP_BUCKETS });
    this.commits.onCommit((changes) => {
      group.observe(changes.length);
      for (const change of changes) count(change, events);
    });
  }
}

function count(change: Change, events: Counter<'kind' | 'reason'>): void {
  for (const { kind, data } of change.events ?? []) {
    const reason = kind === 'held' && typeof data['reason'] === 'string' ? data['reason'] : '';
    events.inc({ kind, reason });
  }
}
