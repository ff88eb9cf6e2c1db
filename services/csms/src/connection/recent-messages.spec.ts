import { describe, expect, it } from '@jest/globals';
import { RECENT_MESSAGES_MAX } from './limits.js';
import { RecentMessages } from './recent-messages.js';

describe('RecentMessages', () => {
  it('tells a retry from an id that is used for something else', () => {
    const recent = new RecentMessages();
    expect([
      recent.isReused('1', 'a'),
      recent.isReused('1', 'a'),
      recent.isReused('1', 'b'),
      recent.isReused('1', 'b'),
    ]).toEqual([false, false, true, false]);
  });

  it('forgets after a bounded number of messages', () => {
    const recent = new RecentMessages();
    for (let id = 0; id <= RECENT_MESSAGES_MAX; id++) recent.isReused(String(id), 'a');
    expect(recent.isReused('0', 'b')).toBe(false);
    expect(recent.isReused(String(RECENT_MESSAGES_MAX), 'b')).toBe(true);
  });
});
