import { describe, expect, it } from '@jest/globals';
import { type ReplayedSession, classText, classify } from './outcome.js';

const SESSION: ReplayedSession = {
  id: 'x',
  transactionId: 1,
  chargePointId: 'A',
  status: 'closed',
  authorization: 'Accepted',
  holdReason: null,
  settlement: { state: 'final', code: null },
};
const cases: readonly [string, ReplayedSession | undefined][] = [
  ['final', SESSION],
  [
    'quarantined:meter_rollback',
    { ...SESSION, holdReason: 'meter_rollback', settlement: { state: 'quarantined', code: 'meter_rollback' } },
  ],
  ['quarantined:unknown_energy', { ...SESSION, settlement: { state: 'quarantined', code: 'unknown_energy' } }],
  [
    'quarantined:session_overlap',
    { ...SESSION, holdReason: 'session_overlap', settlement: { state: 'dropped', code: null } },
  ],
  ['refused:Invalid', { ...SESSION, status: 'refused', authorization: 'Invalid', settlement: null }],
  ['unaccounted:no_session', undefined],
  ['unaccounted:still_open', { ...SESSION, status: 'open', settlement: null }],
  ['unaccounted:no_settlement', { ...SESSION, settlement: null }],
  ['unaccounted:submitted', { ...SESSION, settlement: { state: 'submitted', code: null } }],
  ['unaccounted:STATION_UNKNOWN', { ...SESSION, settlement: { state: 'invalid', code: 'STATION_UNKNOWN' } }],
];

describe('classify', () => {
  it.each(cases)('%s', (expected, session) => expect(classText(classify(session))).toBe(expected));
});
