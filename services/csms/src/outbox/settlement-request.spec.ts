import { READINGS_PER_REQUEST_MAX } from '@tallywatt/contracts';
import { describe, expect, it } from '@jest/globals';
import { endedSession, openSession } from '../sessions/testing/session-samples.js';
import { settlementRequestOf, thin } from './settlement-request.js';

const digests = [Buffer.alloc(32, 1)];

describe('settlementRequestOf', () => {
  it('holds the facts of a closed session', () => {
    expect(settlementRequestOf(endedSession, [{ atMs: 1500, registerWh: 300 }], digests, 4000)).toEqual({
      settlementId: endedSession.sessionId,
      revision: 1,
      operatorId: 'TELD',
      stationId: 'TELD-1',
      chargePointId: 'CP-1',
      connectorId: 1,
      transactionId: 42,
      evId: 'EV-1',
      userOperatorId: 'STAR',
      meterStartWh: 100,
      meterStopWh: 500,
      readings: [{ atMs: 1500, registerWh: 300 }],
      startedAtMs: 1000,
      endedAtMs: 2000,
      evidenceSha256: '72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793',
      stopReason: 'Local',
      closeKind: 'stopped',
      holdReason: null,
      holdUntilMs: null,
      createdAtMs: 4000,
    });
  });

  it.each([
    ['runs', openSession],
    ['was refused', { ...endedSession, status: 'refused' as const }],
    ['has no account', { ...endedSession, evId: null }],
  ])('does not exist for a session that %s', (_what, session) => {
    expect(settlementRequestOf(session, [], digests, 4000)).toBeUndefined();
  });

  it('takes readings of the session’s time only, and a rounding difference off', () => {
    const readings = [999, 1000, 1500, 2000, 2001].map((atMs, index) => ({
      atMs,
      registerWh: [50, 99, 300, 501, 900][index] ?? 0,
    }));
    expect(settlementRequestOf(endedSession, readings, digests, 4000)?.readings).toEqual([
      { atMs: 1000, registerWh: 100 },
      { atMs: 1500, registerWh: 300 },
      { atMs: 2000, registerWh: 500 },
    ]);
  });

  it('shows the readings of a held session as they are', () => {
    const held = { ...endedSession, holdReason: 'readings_fall' as const };
    expect(settlementRequestOf(held, [{ atMs: 1500, registerWh: 7 }], digests, 4000)?.readings).toEqual([
      { atMs: 1500, registerWh: 7 },
    ]);
  });

  it(`has at most READINGS_PER_REQUEST_MAX readings`, () => {
    const readings = Array.from({ length: 1001 }, (_, index) => ({ atMs: 1000 + index, registerWh: 100 }));
    expect(settlementRequestOf(endedSession, readings, digests, 4000)?.readings).toHaveLength(READINGS_PER_REQUEST_MAX);
  });
});

describe('thin', () => {
  it('keeps first and last and spreads the rest evenly', () => {
    expect(thin([1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toEqual([1, 5, 9]);
    expect(thin([1, 2, 3], 3)).toEqual([1, 2, 3]);
    expect(thin([], 3)).toEqual([]);
    const thinned = thin(
      Array.from({ length: 1000 }, (_, index) => index),
      200,
    );
    expect([thinned.length, thinned[0], thinned.at(-1), new Set(thinned).size]).toEqual([200, 0, 999, 200]);
  });
});
