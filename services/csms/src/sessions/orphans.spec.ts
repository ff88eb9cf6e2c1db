import { describe, expect, it } from '@jest/globals';
import { matchParked, PARKED_PER_PILE_MAX, singleFitting, stopFits, type ParkedMessage } from './orphans.js';
import { endedSession, openSession } from './testing/session-samples.js';
import type { MeterMessage, StopMessage } from './transaction-messages.js';

const stop = (changes: Partial<StopMessage> = {}): StopMessage => ({
  transactionId: -1,
  idTag: null,
  time: { key: 't', reportedMs: 2000, tariffMs: 2000 },
  meterStopWh: 500,
  reason: null,
  samples: [],
  stopKey: 'k',
  ...changes,
});
const meter = (changes: Partial<MeterMessage> = {}): MeterMessage => ({
  transactionId: -1,
  connectorId: 1,
  samples: [],
  atMs: 1500,
  contentKey: 'k',
  ...changes,
});
let ids = 0;
const parked = (content: ParkedMessage['content']): ParkedMessage => ({
  orphanId: String(++ids),
  chargePointId: 'CP-1',
  operatorId: 'TELD',
  receivedAtMs: 1,
  frameDigest: Buffer.alloc(32),
  content,
});
const parkedStop = (changes: Partial<StopMessage> = {}) =>
  parked({ action: 'StopTransaction', message: stop(changes) });
const parkedMeter = (changes: Partial<MeterMessage> = {}) => parked({ action: 'MeterValues', message: meter(changes) });

describe('stopFits', () => {
  it.each([
    [{}, true],
    [{ idTag: 'TAG' }, true],
    [{ idTag: 'other' }, false],
    [{ meterStopWh: 100 }, true],
    [{ meterStopWh: 99 }, false],
    [{ meterStopWh: null }, false],
    [{ time: { key: 't', reportedMs: 1000, tariffMs: 1000 } }, true],
    [{ time: { key: 't', reportedMs: 999, tariffMs: 999 } }, false],
  ])('%j: %s', (changes, fits) => {
    expect(stopFits(openSession, stop(changes))).toBe(fits);
  });
});

describe('singleFitting', () => {
  const inferred = { ...endedSession, closeKind: 'inferred' as const };
  it('is the one that fits, running ones before concluded ones, and none when it is not clear', () => {
    expect(singleFitting([{ session: openSession }, { session: inferred }], stop())?.session).toBe(openSession);
    expect(singleFitting([{ session: inferred }], stop())?.session).toBe(inferred);
    expect(
      singleFitting([{ session: openSession }, { session: { ...openSession, connectorId: 2 } }], stop()),
    ).toBeUndefined();
    expect(
      singleFitting([{ session: openSession }, { session: { ...openSession, meterStartWh: 600 } }], stop())?.session,
    ).toBe(openSession);
    expect(singleFitting([], stop())).toBeUndefined();
  });
});

describe('matchParked', () => {
  it('takes the fitting Stop and the readings of the connector up to it', () => {
    const messages = [
      parkedStop(),
      parkedStop({ idTag: 'other' }),
      parkedMeter(),
      parkedMeter({ connectorId: 2 }),
      parkedMeter({ atMs: 999 }),
      parkedMeter({ atMs: 2001 }),
    ];
    const match = matchParked(openSession, messages);
    expect(match.stop).toBe(messages[0]);
    expect(match.meters).toEqual([messages[2]]);
  });

  it('takes one Stop that came under several transaction ids as the one that it is', () => {
    const stops = [parkedStop({ transactionId: -1 }), parkedStop({ transactionId: 0 }), parkedStop({ idTag: 'TAG' })];
    const match = matchParked(openSession, stops.slice(0, 2));
    expect([match.stop, match.repeats]).toEqual([stops[0], [stops[1]]]);
    expect(matchParked(openSession, [...stops, parkedStop({ reason: 'Other' })]).stop).toBeUndefined();
  });

  it('takes no Stop when two fit, and nothing from nothing', () => {
    expect(matchParked(openSession, [parkedStop(), parkedStop({ meterStopWh: 501 })]).stop).toBeUndefined();
    expect(matchParked(openSession, [])).toEqual({ stop: undefined, repeats: [], meters: [] });
    expect(PARKED_PER_PILE_MAX).toBe(200);
  });
});
