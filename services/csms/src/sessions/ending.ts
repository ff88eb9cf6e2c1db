import type { HoldReason } from '@tallywatt/contracts';
import type { ChargePoint } from '../piles/charge-point.js';
import { faultOf, isRegister } from './plausibility.js';
import type { Ending, Reading, Session } from './session.js';
import type { StopMessage } from './transaction-messages.js';

/** reliability.md section 5: how long an inferred end with known energy waits for its real Stop. */
export const INFERRED_HOLD_MS = 24 * 3_600_000;
/** Why a session without StopTransaction was closed. */
export type InferredCause = 'next_start' | 'available' | 'boot' | 'offline';

/** What the store knows about the session besides its row. */
export interface EndingFacts {
  readonly pile: Pick<ChargePoint, 'clock' | 'connectors'>;
  /** In time order. */
  readonly readings: readonly Reading[];
  /** Another stopped, not refused session of the connector shares time with this one. */
  readonly overlaps: boolean;
  /** When the message that ends the session arrived. */
  readonly nowMs: number;
}

/** The pile's own StopTransaction. */
export function endingByStop(session: Session, stop: StopMessage, facts: EndingFacts): Ending {
  const ending = {
    closeKind: 'stopped',
    endedAtMs: stop.time.tariffMs,
    meterStopWh: stop.meterStopWh,
    stopReason: stop.reason,
    holdUntilMs: null,
    stopKey: stop.stopKey,
    reportedStopMs: stop.time.reportedMs,
    stopReceivedAtMs: facts.nowMs,
  } as const;
  return { ...ending, holdReason: holdOf(session, ending, facts) };
}

/**
 * A conclusion of ours: the last reading as E_e and its time as the end, held for the real Stop; without a reading the
 * energy is unknown and a person decides.
 */
export function endingByInference(
  session: Session,
  cause: InferredCause,
  causeAtMs: number,
  facts: EndingFacts,
): Ending {
  const last = facts.readings.at(-1);
  const ending = {
    closeKind: 'inferred',
    endedAtMs: Math.max(last?.atMs ?? causeAtMs, session.startedAtMs),
    meterStopWh: last?.registerWh ?? null,
    stopReason: `inferred:${cause}`,
    stopKey: null,
    reportedStopMs: last?.atMs ?? null,
    stopReceivedAtMs: null,
  } as const;
  const holdReason = last === undefined ? unknownEnergy(session) : (holdOf(session, ending, facts) ?? 'inferred_stop');
  return { ...ending, holdReason, holdUntilMs: holdReason === 'inferred_stop' ? facts.nowMs + INFERRED_HOLD_MS : null };
}

function unknownEnergy(session: Session): HoldReason {
  if (session.meterStartWh === null) return 'no_credible_start';
  return isRegister(session.meterStartWh) ? 'unknown_energy' : 'meter_out_of_range';
}

type Measured = Pick<Ending, 'endedAtMs' | 'meterStopWh' | 'reportedStopMs'>;

function holdOf(session: Session, ending: Measured, facts: EndingFacts): HoldReason | null {
  if (session.meterStartWh === null) return 'no_credible_start';
  return faultOf({
    meterStartWh: session.meterStartWh,
    meterStopWh: ending.meterStopWh,
    startedAtMs: session.startedAtMs,
    endedAtMs: ending.endedAtMs,
    durationMs: durationOf(session, ending),
    ratedPowerW: ratedPowerOf(facts.pile, session.connectorId),
    overlaps: facts.overlaps,
    readings: facts.readings,
    receivedAtMs: facts.nowMs,
    clock: facts.pile.clock,
  });
}

/** By the pile's own clock when it told both times: a wrong clock still measures durations. */
function durationOf(session: Session, ending: Measured): number {
  if (session.reportedStartMs === null || ending.reportedStopMs === null) return ending.endedAtMs - session.startedAtMs;
  return ending.reportedStopMs - session.reportedStartMs;
}

/** A connector that was not registered is judged by the pile's strongest. */
function ratedPowerOf(pile: EndingFacts['pile'], connectorId: number): number {
  const registered = pile.connectors.find((connector) => connector.connectorId === connectorId);
  return registered?.ratedPowerW ?? Math.max(0, ...pile.connectors.map(({ ratedPowerW }) => ratedPowerW));
}
