import { describe, expect, it } from '@jest/globals';
import { BREAK_TYPES, type BreakType } from '@tallywatt/contracts';
import fc from 'fast-check';
import { hashed, INJECTIONS, matchedCase, type SessionSeed } from '../testing/session-cases.js';
import { LATE_AFTER_MS, type Match, matchSession } from './match.js';
import type { SessionCase } from './session-case.js';

const SESSIONS = 1000;
const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2026, 0, 1);
/** Long after everything, so that nothing is in flight by chance. */
const NOW_MS = FROM_MS + 400 * DAY_MS;

const seed: fc.Arbitrary<SessionSeed> = fc.record({
  sessionId: fc.uuid(),
  startMs: fc.integer({ min: 0, max: 300 * DAY_MS }).map((ms) => FROM_MS + ms),
  durationMs: fc.integer({ min: 1, max: 2 * DAY_MS }),
  meterStartWh: fc.bigInt({ min: 0n, max: 10n ** 9n }),
  energyWh: fc.bigInt({ min: 0n, max: 200_000n }),
  evId: fc.stringMatching(/^EV-[0-9a-f]{8}$/),
});
const injection = fc.option(
  fc.constantFrom(...BREAK_TYPES).chain((type) => fc.nat(INJECTIONS[type].length - 1).map((way) => ({ type, way }))),
  { freq: 3 },
);

const one: SessionSeed = {
  sessionId: '4f0c8f5e-9d4f-4b57-8a53-6f7a4a1c0b11',
  startMs: FROM_MS,
  durationMs: 3_600_000,
  meterStartWh: 1000n,
  energyWh: 10_000n,
  evId: 'EV-1',
};

function broken(type: BreakType, way: number): SessionCase {
  const inject = INJECTIONS[type][way];
  if (inject === undefined) throw new Error(`${type} has no way ${way}`);
  return inject(matchedCase(one));
}

describe('match', () => {
  it('finds in a thousand sessions exactly the breaks that were injected', () => {
    fc.assert(
      fc.property(seed, injection, (session, injected) => {
        const clean = matchedCase(session);
        const looked = injected === null ? clean : INJECTIONS[injected.type][injected.way]?.(clean);
        if (looked === undefined) throw new Error('no such injection');
        const match = matchSession(looked, NOW_MS);
        expect(match.breaks).toEqual(injected === null ? [] : [injected.type]);
        expect(match.place).toBe(injected === null ? 'matched' : 'broken');
      }),
      { numRuns: SESSIONS },
    );
  });

  const ways = BREAK_TYPES.flatMap((type) => INJECTIONS[type].map((_inject, way) => [type, way] as const));
  it.each(ways)('%s, way %i, is found alone', (type, way) => {
    expect(matchSession(broken(type, way), NOW_MS).breaks).toEqual([type]);
  });

  it('names several breaks of one session', () => {
    const { bill, ...session } = matchedCase(one);
    const billed = hashed({ ...bill, meterStopWh: bill.meterStopWh + 1000n, userOperatorId: 'PTNE' });
    expect(matchSession({ ...session, bills: [billed] }, NOW_MS).breaks).toEqual(['ENERGY_DIFF', 'PARTY_DIFF']);
  });

  it('sees a bill that was changed after the ledger had it', () => {
    const { bill, ...session } = matchedCase(one);
    const match = matchSession({ ...session, bills: [{ ...bill, totalMinor: bill.totalMinor + 1n }] }, NOW_MS);
    expect(match.breaks).toEqual(['AMOUNT_DIFF', 'HASH_MISMATCH']);
  });
});

describe('a session without a bill', () => {
  const session = matchedCase(one);
  const { createdAtMs } = session.evidence;
  const place = (change: Partial<SessionCase>, nowMs: number): Match['place'] =>
    matchSession({ ...session, bills: [], ...change }, nowMs).place;

  it.each(['pending', 'prepared', 'submitted'] as const)(
    'is in flight while %s and younger than five minutes',
    (state) => {
      const jobs = [{ ...session.job, state }];
      expect(place({ jobs }, createdAtMs + LATE_AFTER_MS)).toBe('inFlight');
      expect(place({ jobs }, createdAtMs + LATE_AFTER_MS + 1)).toBe('broken');
    },
  );

  it('is in flight before its job is there', () => {
    expect(place({ jobs: [] }, createdAtMs + LATE_AFTER_MS)).toBe('inFlight');
  });

  it.each(['quarantined', 'dropped'] as const)('is held while %s, however long', (state) => {
    const match = matchSession({ ...session, bills: [], jobs: [{ ...session.job, state }] }, NOW_MS);
    expect(match).toMatchObject({ place: 'quarantined', breaks: [], evidenceTotal: undefined, jobTotal: undefined });
  });

  it('runs the agreed time from the release of a held one', () => {
    const released = { ...session.job, state: 'pending', wasHeld: true, readyAtMs: NOW_MS - 1000 } as const;
    expect(place({ jobs: [released] }, NOW_MS)).toBe('inFlight');
  });
});

describe('corrections', () => {
  const session = matchedCase(one);
  const credited = { ...session.bill, creditedBy: 'c-1' };
  const lines = session.bill.lines.map((line) => ({ ...line, energyWh: `-${line.energyWh}` }));
  const note = {
    ...session.bill,
    billId: 'c-1',
    kind: 'creditNote',
    totalMinor: -session.bill.totalMinor,
    lines,
  } as const;

  it('leave nothing to differ when the bill was taken back', () => {
    const wrong = { ...credited, totalMinor: credited.totalMinor + 5n };
    expect(matchSession({ ...session, bills: [wrong, note] }, NOW_MS)).toMatchObject({
      place: 'matched',
      billTotals: [],
    });
  });

  it('match by their replacement', () => {
    const wrong = { ...credited, totalMinor: credited.totalMinor + 5n };
    const replacement = hashed({ ...session.bill, billId: 'r-1', kind: 'replacement', refersTo: session.sessionId });
    const match = matchSession({ ...session, bills: [wrong, note, replacement] }, NOW_MS);
    expect(match).toMatchObject({ place: 'matched', bill: { billId: 'r-1' } });
    expect(match.billTotals).toEqual([{ energyWh: 10_000n, amountMinor: session.bill.totalMinor }]);
  });
});
