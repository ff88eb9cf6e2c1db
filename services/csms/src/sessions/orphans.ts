import type { Session } from './session.js';
import type { MeterMessage, StopMessage } from './transaction-messages.js';

/** reliability.md section 5: how long a message waits for its Start. */
export const PARKED_MS_MAX = 24 * 3_600_000;
/** How old a session with a concluded end may be and still get a Stop that does not name it: as old as a bill may be. */
export const CANDIDATE_AGE_MS = 30 * 24 * 3_600_000;
/** Parked messages of one pile that a Start looks at; a pile with more has lost its mind, and a person looks. */
export const PARKED_PER_PILE_MAX = 200;

/** A message without a session, as stored. */
export interface NewOrphan {
  readonly chargePointId: string;
  readonly operatorId: string;
  readonly receivedAtMs: number;
  /** `held` at once for another pile's id: no Start can still explain it. */
  readonly state: 'parked' | 'held';
  readonly content: OrphanContent;
}

export type OrphanContent =
  | { readonly action: 'StopTransaction'; readonly message: StopMessage }
  | { readonly action: 'MeterValues'; readonly message: MeterMessage };

/** A parked message, read back. */
export interface ParkedMessage {
  readonly orphanId: string;
  readonly chargePointId: string;
  readonly operatorId: string;
  readonly receivedAtMs: number;
  readonly content: OrphanContent;
  readonly frameDigest: Buffer;
}

export interface OrphanDecision {
  readonly orphanId: string;
  readonly state: 'matched' | 'held' | 'dropped';
  readonly sessionId: string | null;
  readonly holdReason: 'orphan_stop' | null;
  readonly atMs: number;
}

type Startable = Pick<Session, 'idTag' | 'startedAtMs' | 'meterStartWh'>;

/** Whether the Stop can be this session's: same tag when it names one, not before it in time, not below it on the meter. */
export function stopFits(session: Startable, stop: Pick<StopMessage, 'idTag' | 'time' | 'meterStopWh'>): boolean {
  if (stop.idTag !== null && stop.idTag.toLowerCase() !== session.idTag.toLowerCase()) return false;
  if (stop.time.tariffMs < session.startedAtMs) return false;
  return stop.meterStopWh !== null && (session.meterStartWh === null || stop.meterStopWh >= session.meterStartWh);
}

/** The one session that the Stop fits, running ones first; undefined when none or several do. */
export function singleFitting<T extends { readonly session: Session }>(
  candidates: readonly T[],
  stop: StopMessage,
): T | undefined {
  const fitting = candidates.filter(({ session }) => stopFits(session, stop));
  const running = fitting.filter(({ session }) => session.endedAtMs === null);
  const [single, second] = running.length > 0 ? running : fitting;
  return second === undefined ? single : undefined;
}

type ParkedStop = ParkedMessage & {
  readonly content: { readonly action: 'StopTransaction'; readonly message: StopMessage };
};
type ParkedMeter = ParkedMessage & {
  readonly content: { readonly action: 'MeterValues'; readonly message: MeterMessage };
};

export interface Match {
  readonly stop: ParkedStop | undefined;
  /** The same Stop again under another transaction id: a pile that does not know its id tries −1, 0 and what it remembers. */
  readonly repeats: readonly ParkedStop[];
  readonly meters: readonly ParkedMeter[];
}

/** What of the parked messages belongs to a session that starts only now. */
export function matchParked(session: Session, parked: readonly ParkedMessage[]): Match {
  const stops = parked.filter(isStop).filter(({ content }) => stopFits(session, content.message));
  const [first] = stops;
  const stop = stops.every((each) => first !== undefined && saysTheSame(first, each)) ? first : undefined;
  const repeats = stop === undefined ? [] : stops.slice(1);
  const untilMs = stop?.content.message.time.tariffMs ?? Infinity;
  const meters = parked.filter(isMeter).filter(({ content: { message } }) => {
    return (
      message.connectorId === session.connectorId && message.atMs >= session.startedAtMs && message.atMs <= untilMs
    );
  });
  return { stop, repeats, meters };
}

/** Everything but the transaction id, which is no content as long as the pile cannot know it. */
function saysTheSame({ content: { message: a } }: ParkedStop, { content: { message: b } }: ParkedStop): boolean {
  const tag = (message: StopMessage): string | undefined => message.idTag?.toLowerCase();
  return a.time.key === b.time.key && a.meterStopWh === b.meterStopWh && a.reason === b.reason && tag(a) === tag(b);
}

function isStop(parked: ParkedMessage): parked is ParkedStop {
  return parked.content.action === 'StopTransaction';
}
function isMeter(parked: ParkedMessage): parked is ParkedMeter {
  return parked.content.action === 'MeterValues';
}
