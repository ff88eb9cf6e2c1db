import { describe, expect, it } from '@jest/globals';
import { OcppError } from '../ocpp/ocpp-error.js';
import { NOON_MS } from '../sessions/testing/session-fixture.js';
import { CONNECTOR_ID_MAX, StatusNotificationHandler } from './status-notification.handler.js';
import { contextOf, MemoryJournal } from './testing/handler-context.js';

const REQUEST = { connectorId: 1, errorCode: 'NoError', status: 'Available' } as const;

describe('StatusNotification', () => {
  it.each([
    ['2026-06-01T11:00:00Z', NOON_MS - 3_600_000],
    [undefined, NOON_MS],
    ['2031-01-01T00:00:00Z', NOON_MS],
    ['nonsense', NOON_MS],
  ])('of %s counts from the pile’s time when credible', async (timestamp, statusAtMs) => {
    const journal = new MemoryJournal();
    const request = timestamp === undefined ? REQUEST : { ...REQUEST, timestamp };
    expect(await new StatusNotificationHandler(journal).handle(request, contextOf())).toEqual({});
    expect(journal.log).toEqual([['status', { chargePointId: 'CP-1', request, statusAtMs, receivedAtMs: NOON_MS }]]);
  });

  it.each([-1, CONNECTOR_ID_MAX + 1, Number.MIN_SAFE_INTEGER])('of connector %d is refused', async (connectorId) => {
    const journal = new MemoryJournal();
    const answer = new StatusNotificationHandler(journal).handle({ ...REQUEST, connectorId }, contextOf());
    await expect(answer).rejects.toEqual(new OcppError('PropertyConstraintViolation'));
    expect(journal.log).toEqual([]);
  });
});
