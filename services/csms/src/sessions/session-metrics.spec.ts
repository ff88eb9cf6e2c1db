import { describe, expect, it } from '@jest/globals';
import { register } from 'prom-client';
import { sessionEvent } from './change.js';
import type { CommitListener } from './commit-feed.js';
import { SessionMetrics } from './session-metrics.js';
import { openSession } from './testing/session-samples.js';

describe('session metrics', () => {
  it('tell the age of the standing, the events, and the size of group commits', async () => {
    let tell: CommitListener = () => undefined;
    const commits = { onCommit: (listener: CommitListener) => (tell = listener) };
    for (let start = 0; start < 2; start++) new SessionMetrics({ ageMs: () => 4_500 } as never, commits).onModuleInit();
    const events = [
      sessionEvent(openSession, 'stopped', 0),
      sessionEvent(openSession, 'held', 0, { reason: 'meter_rollback' }),
    ];
    tell([{ events }, {}]);
    const text = await register.metrics();
    expect(text).toContain('tallywatt_standing_age_seconds 4.5');
    expect(text).toContain('tallywatt_session_events_total{kind="held",reason="meter_rollback"} 1');
    expect(text).toContain('tallywatt_session_events_total{kind="stopped",reason=""} 1');
    expect(text).toContain('tallywatt_commit_changes_bucket{le="2"} 1');
    expect(text).toContain('tallywatt_commit_changes_bucket{le="1"} 0');
  });
});
