import { describe, expect, it } from '@jest/globals';
import { DiagnosticsStatusNotificationHandler } from './diagnostics-status-notification.handler.js';
import { contextOf, MemoryJournal } from './testing/handler-context.js';

describe('DiagnosticsStatusNotification', () => {
  it('is kept as the newest word of the pile', async () => {
    const journal = new MemoryJournal();
    expect(await new DiagnosticsStatusNotificationHandler(journal).handle({ status: 'Uploaded' }, contextOf())).toEqual(
      {},
    );
    expect(journal.log).toEqual([['diagnostics', 'CP-1', 'Uploaded']]);
  });
});
