import { describe, expect, it } from '@jest/globals';
import { TagAuthorisation, type AuthorisationPolicy } from './authorisation.js';
import type { TagRecord } from './session.repository.js';
import { FixedClock, NOON_MS } from './testing/session-fixture.js';

const TAG: TagRecord = { evId: 'EV', operatorId: 'STAR', expiresAtMs: null, maxConcurrentSessions: 1 };

function authorisation(
  tag: TagRecord | undefined,
  standing: { isBlocked: boolean; ageMs: number },
  policy: AuthorisationPolicy,
) {
  const driverStanding = { isBlocked: () => standing.isBlocked, ageMs: () => standing.ageMs };
  return new TagAuthorisation({ findTag: async () => tag }, driverStanding as never, new FixedClock(), policy);
}
const LENIENT = { standingAgeMsMax: 1000, whenStale: 'accept' } as const;
const STRICT = { standingAgeMsMax: 1000, whenStale: 'refuse' } as const;
const FINE = { isBlocked: false, ageMs: 1000 };

describe('authorisation of a tag', () => {
  it.each([
    ['an unknown tag', undefined, FINE, LENIENT, 'Invalid'],
    ['a known tag', TAG, FINE, LENIENT, 'Accepted'],
    ['one that expires now', { ...TAG, expiresAtMs: NOON_MS }, FINE, LENIENT, 'Expired'],
    ['one that expires later', { ...TAG, expiresAtMs: NOON_MS + 1 }, FINE, LENIENT, 'Accepted'],
    ['a blocked driver', TAG, { ...FINE, isBlocked: true }, LENIENT, 'Blocked'],
    [
      'an expired tag of a blocked driver',
      { ...TAG, expiresAtMs: 0 },
      { ...FINE, isBlocked: true },
      LENIENT,
      'Expired',
    ],
    ['old knowledge, lenient policy', TAG, { ...FINE, ageMs: 1001 }, LENIENT, 'Accepted'],
    ['old knowledge, strict policy', TAG, { ...FINE, ageMs: 1001 }, STRICT, 'Blocked'],
    ['no knowledge yet, strict policy', TAG, { ...FINE, ageMs: Infinity }, STRICT, 'Blocked'],
    ['fresh knowledge, strict policy', TAG, FINE, STRICT, 'Accepted'],
    ['a blocked driver, however old the knowledge', TAG, { isBlocked: true, ageMs: Infinity }, LENIENT, 'Blocked'],
  ] as const)('%s', async (_what, tag, standing, policy, status) => {
    expect(await authorisation(tag, standing, policy).authorize('T')).toBe(status);
  });
});
