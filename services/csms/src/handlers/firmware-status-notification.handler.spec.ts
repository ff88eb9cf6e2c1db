import { describe, expect, it } from '@jest/globals';
import { FirmwareStatusNotificationHandler } from './firmware-status-notification.handler.js';
import { contextOf, MemoryJournal } from './testing/handler-context.js';

describe('FirmwareStatusNotification', () => {
  it('is kept as the newest word of the pile', async () => {
    const journal = new MemoryJournal();
    expect(await new FirmwareStatusNotificationHandler(journal).handle({ status: 'Installed' }, contextOf())).toEqual(
      {},
    );
    expect(journal.log).toEqual([['firmware', 'CP-1', 'Installed']]);
  });
});
