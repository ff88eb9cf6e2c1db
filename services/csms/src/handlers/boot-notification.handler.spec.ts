import { describe, expect, it } from '@jest/globals';
import { NOON_MS } from '../sessions/testing/session-fixture.js';
import { BootNotificationHandler, HEARTBEAT_INTERVAL_S } from './boot-notification.handler.js';
import { contextOf, MemoryJournal, NoonClock } from './testing/handler-context.js';

const REQUEST = { chargePointVendor: 'Vendor', chargePointModel: 'Model' };

describe('BootNotification', () => {
  it('records the pile, then ends what ran on it, then sets its clock', async () => {
    const log: unknown[] = [];
    const endings = {
      afterBoot: async (chargePoint: { chargePointId: string }, atMs: number) =>
        void log.push(['ended', chargePoint.chargePointId, atMs]),
    };
    const handler = new BootNotificationHandler(new MemoryJournal(log), endings as never, new NoonClock());
    expect(await handler.handle(REQUEST, contextOf())).toEqual({
      status: 'Accepted',
      currentTime: '2026-06-01T12:00:00.000Z',
      interval: HEARTBEAT_INTERVAL_S,
    });
    expect(log).toEqual([
      ['boot', 'CP-1', REQUEST, NOON_MS],
      ['ended', 'CP-1', NOON_MS],
    ]);
  });

  it('is not accepted when the sessions could not be ended', async () => {
    const endings = { afterBoot: () => Promise.reject(new Error('down')) };
    const handler = new BootNotificationHandler(new MemoryJournal(), endings as never, new NoonClock());
    await expect(handler.handle(REQUEST, contextOf())).rejects.toThrow('down');
  });
});
