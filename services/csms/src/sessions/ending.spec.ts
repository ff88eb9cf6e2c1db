import { describe, expect, it } from '@jest/globals';
import { endingByInference, endingByStop, INFERRED_HOLD_MS, type EndingFacts } from './ending.js';
import { openSession } from './testing/session-samples.js';
import { NOON_MS, pile } from './testing/session-fixture.js';
import { readStop } from './transaction-messages.js';
import { contextOf } from '../handlers/testing/handler-context.js';

const HOUR = 3_600_000;
const session = { ...openSession, startedAtMs: NOON_MS - HOUR, reportedStartMs: NOON_MS - HOUR, meterStartWh: 1000 };
const facts = (changes: Partial<EndingFacts> = {}): EndingFacts => ({
  pile: pile('CP-1'),
  readings: [],
  overlaps: false,
  nowMs: NOON_MS,
  ...changes,
});
const stop = (changes: object = {}) =>
  readStop({ transactionId: 42, meterStop: 5000, timestamp: '2026-06-01T11:59:00Z', ...changes }, contextOf());

describe('endingByStop', () => {
  it('takes what the pile says', () => {
    expect(endingByStop(session, stop({ reason: 'Remote' }), facts())).toMatchObject({
      closeKind: 'stopped',
      endedAtMs: NOON_MS - 60_000,
      meterStopWh: 5000,
      stopReason: 'Remote',
      holdReason: null,
      holdUntilMs: null,
      stopReceivedAtMs: NOON_MS,
    });
  });

  it('measures the duration by the pile’s own clock, however wrong it goes', () => {
    const behind = { ...session, startedAtMs: NOON_MS, reportedStartMs: Date.UTC(2001, 0, 1) };
    expect(endingByStop(behind, stop({ timestamp: '2001-01-01T00:30:00Z' }), facts()).holdReason).toBeNull();
    expect(endingByStop(behind, stop({ timestamp: '2001-01-01T00:01:00Z' }), facts()).holdReason).toBe(
      'implausible_power',
    );
    expect(endingByStop({ ...behind, reportedStartMs: null }, stop({ timestamp: 'x' }), facts()).holdReason).toBe(
      'implausible_power',
    );
  });

  it('judges by the connector’s rated power, and an unregistered one by the strongest', () => {
    const weak = pile('CP-1', {
      connectors: [
        { connectorId: 1, ratedPowerW: 3_000, type: 'AC' },
        { connectorId: 2, ratedPowerW: 22_000, type: 'AC' },
      ],
    });
    expect(endingByStop(session, stop(), facts({ pile: weak })).holdReason).toBe('implausible_power');
    expect(endingByStop({ ...session, connectorId: 9 }, stop(), facts({ pile: weak })).holdReason).toBeNull();
    expect(endingByStop(session, stop(), facts({ pile: pile('CP-1', { connectors: [] }) })).holdReason).toBe(
      'implausible_power',
    );
  });

  it('holds a session whose Start had no register', () => {
    expect(endingByStop({ ...session, meterStartWh: null }, stop(), facts()).holdReason).toBe('no_credible_start');
  });
});

describe('endingByInference', () => {
  it('ends with the last reading and waits for the Stop', () => {
    const readings = [{ atMs: NOON_MS - 30 * 60_000, registerWh: 4000 }];
    expect(endingByInference(session, 'boot', NOON_MS, facts({ readings }))).toMatchObject({
      closeKind: 'inferred',
      endedAtMs: NOON_MS - 30 * 60_000,
      meterStopWh: 4000,
      holdReason: 'inferred_stop',
      holdUntilMs: NOON_MS + INFERRED_HOLD_MS,
      stopKey: null,
    });
  });

  it('never ends before it started, whatever order time runs in', () => {
    expect(endingByInference(session, 'next_start', session.startedAtMs - HOUR, facts())).toMatchObject({
      endedAtMs: session.startedAtMs,
      holdReason: 'unknown_energy',
    });
  });

  it('names a start that is no register before the missing energy', () => {
    expect(endingByInference({ ...session, meterStartWh: -1 }, 'boot', NOON_MS, facts()).holdReason).toBe(
      'meter_out_of_range',
    );
    expect(endingByInference({ ...session, meterStartWh: null }, 'boot', NOON_MS, facts()).holdReason).toBe(
      'no_credible_start',
    );
  });
});
