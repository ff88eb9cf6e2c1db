import type { ChargePoint } from '../piles/charge-point.js';
import { settlementRequestOf, type SettlementRequest } from '../outbox/settlement-request.js';
import { sessionEvent, type SessionEvent } from './change.js';
import { endingByInference, endingByStop, type InferredCause } from './ending.js';
import type { SessionFile } from './session.repository.js';
import { endSession, type Ending, type Reading, type Session } from './session.js';
import { readingsOf } from './samples.js';
import type { StopMessage } from './transaction-messages.js';

/** What one end of a session stores. */
export interface Closing {
  readonly session: Session;
  readonly request: SettlementRequest | undefined;
  readonly events: readonly SessionEvent[];
}

type ClosingPile = Pick<ChargePoint, 'clock' | 'connectors'>;

/** The session ends by its own Stop, whose frame becomes the last of the evidence. */
export function closeByStop(
  file: SessionFile,
  stop: StopMessage,
  stopFrame: Buffer,
  pile: ClosingPile,
  nowMs: number,
): Closing {
  const readings = mergeReadings(file.readings, readingsOf(stop.samples));
  const facts = { pile, readings: before(readings, stop.time.tariffMs), overlaps: file.overlaps, nowMs };
  const ending = endingByStop(file.session, stop, facts);
  return close(file.session, ending, facts.readings, [...file.frameDigests, stopFrame], nowMs);
}

/** The session ends by our conclusion. */
export function closeByInference(
  file: SessionFile,
  cause: InferredCause,
  causeAtMs: number,
  pile: ClosingPile,
  nowMs: number,
): Closing {
  const ending = endingByInference(file.session, cause, causeAtMs, {
    pile,
    readings: file.readings,
    overlaps: false,
    nowMs,
  });
  return close(file.session, ending, file.readings, file.frameDigests, nowMs);
}

function close(
  before: Session,
  ending: Ending,
  readings: readonly Reading[],
  frameDigests: readonly Buffer[],
  nowMs: number,
): Closing {
  const session = endSession(before, ending);
  const request = settlementRequestOf(session, readings, frameDigests, nowMs);
  const { meterStartWh, meterStopWh, holdReason } = session;
  const energyWh = meterStartWh === null || meterStopWh === null ? null : meterStopWh - meterStartWh;
  const kind = session.closeKind === 'inferred' ? 'inferred' : before.closeKind === 'inferred' ? 'revised' : 'stopped';
  const events = [
    sessionEvent(session, kind, nowMs, { meterStopWh, energyWh, reason: session.stopReason, status: session.status }),
  ];
  if (holdReason !== null) events.push(sessionEvent(session, 'held', nowMs, { reason: holdReason }));
  return { session, request, events };
}

function mergeReadings(stored: readonly Reading[], sent: readonly Reading[]): readonly Reading[] {
  return sent.length === 0 ? stored : readingsOf([...stored, ...sent]);
}

/** Readings that a pile stamps later than its own Stop say nothing about the session. */
function before(readings: readonly Reading[], endedAtMs: number): readonly Reading[] {
  return readings.filter(({ atMs }) => atMs <= endedAtMs);
}
