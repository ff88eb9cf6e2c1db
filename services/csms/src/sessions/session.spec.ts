import { describe, expect, it } from '@jest/globals';
import { endSession, type Ending, type Session } from './session.js';
import { endedSession, openSession } from './testing/session-samples.js';

const STOP: Ending = {
  closeKind: 'stopped',
  endedAtMs: 2000,
  meterStopWh: 500,
  stopReason: 'Local',
  holdReason: null,
  holdUntilMs: null,
  stopKey: 'ab',
  reportedStopMs: 2000,
  stopReceivedAtMs: 3000,
};
const refused: Session = { ...openSession, status: 'refused', authorizationStatus: 'Blocked' };

describe('endSession', () => {
  it('closes a running session as its next version with a request to come', () => {
    expect(endSession(openSession, STOP)).toEqual({
      ...openSession,
      ...STOP,
      status: 'closed',
      revision: 1,
      version: 2,
    });
  });

  it('gives an inferred end its real Stop as the next revision, and a stopped one none', () => {
    const inferred = endSession(openSession, {
      ...STOP,
      closeKind: 'inferred',
      holdReason: 'inferred_stop',
      holdUntilMs: 9,
    });
    expect(endSession(inferred, STOP)).toMatchObject({ revision: 2, version: 3, holdReason: null, holdUntilMs: null });
    expect(() => endSession(endedSession, STOP)).toThrow('already stopped');
  });

  it.each([
    ['of an unknown tag', { ...refused, evId: null, userOperatorId: null }, STOP, 'refused'],
    ['refused, without energy', refused, { ...STOP, meterStopWh: 100 }, 'refused'],
    ['refused, with unknown energy', refused, { ...STOP, meterStopWh: null, holdReason: 'unknown_energy' }, 'refused'],
    ['refused, with energy', refused, STOP, 'closed'],
    [
      'refused, with a meter that ran back',
      refused,
      { ...STOP, meterStopWh: 50, holdReason: 'meter_rollback' },
      'closed',
    ],
    ['accepted, without energy', openSession, { ...STOP, meterStopWh: 100 }, 'closed'],
  ] as const)('a session %s ends as %4$s', (_what, session, ending, status) => {
    const ended = endSession(session, ending);
    expect(ended.status).toBe(status);
    expect(ended.revision).toBe(status === 'closed' ? 1 : 0);
    if (status === 'refused') expect(ended.holdReason).toBeNull();
  });
});
