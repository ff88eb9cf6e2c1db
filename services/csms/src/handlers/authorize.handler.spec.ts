import { describe, expect, it } from '@jest/globals';
import type { TagStatus } from '../sessions/authorisation.js';
import { AuthorizeHandler } from './authorize.handler.js';

function handlerFor(status: TagStatus): AuthorizeHandler {
  return new AuthorizeHandler({ statusOf: async () => status } as never);
}
const tag = { evId: 'EV', operatorId: 'STAR', expiresAtMs: null, maxConcurrentSessions: 1 };

describe('Authorize', () => {
  it.each(['Accepted', 'Blocked', 'Expired', 'Invalid'] as const)('answers %s', async (status) => {
    expect(await handlerFor({ status, tag }).handle({ idTag: 'T' })).toEqual({ idTagInfo: { status } });
  });

  it('tells when the tag expires, and nothing about the account', async () => {
    const expiring = { ...tag, expiresAtMs: Date.UTC(2027, 0, 1) };
    expect(await handlerFor({ status: 'Accepted', tag: expiring }).handle({ idTag: 'T' })).toEqual({
      idTagInfo: { status: 'Accepted', expiryDate: '2027-01-01T00:00:00.000Z' },
    });
  });

  it('passes an outage on instead of inventing an answer', async () => {
    const handler = new AuthorizeHandler({ statusOf: () => Promise.reject(new Error('down')) } as never);
    await expect(handler.handle({ idTag: 'T' })).rejects.toThrow('down');
  });
});
