import { Injectable } from '@nestjs/common';
import type { CallContext } from '../ocpp/handles.decorator.js';
import type { AuthorizationStatus, StartTransactionResponse } from '../ocpp/requests.js';
import { idTagInfoOf, TagAuthorisation, type TagStatus } from './authorisation.js';
import { sessionEvent, type Change, type NewFrame } from './change.js';
import { closeByInference, closeByStop, type Closing } from './closing.js';
import { frameDigest, sessionIdOf } from './identity.js';
import { KeyedMutex } from './keyed-mutex.js';
import { matchParked, type Match, type OrphanDecision } from './orphans.js';
import { isRegister } from './plausibility.js';
import { readingsOf } from './samples.js';
import { SessionRepository, type StartKnowledge } from './session.repository.js';
import type { Session } from './session.js';
import { frameOf, meterValuesOf } from './stored-messages.js';
import { retryWhenStale } from './stale.js';
import { TransactionIds } from './transaction-id.js';
import { readStart, type StartMessage } from './transaction-messages.js';

/** Use case: a StartTransaction becomes a session, or is recognised as the retry of one. */
@Injectable()
export class StartSession {
  /** Starts of one account one after the other, so that two at once cannot both be the last allowed one. */
  private readonly accounts = new KeyedMutex();

  constructor(
    private readonly repository: SessionRepository,
    private readonly authorisation: TagAuthorisation,
    private readonly transactionIds: TransactionIds,
  ) {}

  async start(payload: unknown, context: CallContext): Promise<StartTransactionResponse> {
    const message = readStart(payload, context);
    const tagStatus = await this.authorisation.statusOf(message.idTag);
    const account = tagStatus.tag?.evId ?? `pile:${context.chargePoint.chargePointId}`;
    return this.accounts.run(account, () => retryWhenStale(() => this.attempt(message, tagStatus, context)));
  }

  private async attempt(
    message: StartMessage,
    tagStatus: TagStatus,
    context: CallContext,
  ): Promise<StartTransactionResponse> {
    const { chargePointId } = context.chargePoint;
    const { connectorId, naturalKey } = message;
    const evId = tagStatus.tag?.evId ?? null;
    const known = await this.repository.forStart({ chargePointId, connectorId, naturalKey, evId });
    if (known.existing !== undefined) return this.repeat(known.existing, tagStatus, context);
    const status = decide(message, tagStatus, known.openSessionsOfAccount);
    const session = this.open(message, tagStatus, status, context);
    await this.repository.commit(await this.changeOf(session, known, context));
    return answerOf(session, tagStatus);
  }

  /** The same StartTransaction again: same id, same answer, nothing twice. */
  private async repeat(
    existing: Session,
    tagStatus: TagStatus,
    context: CallContext,
  ): Promise<StartTransactionResponse> {
    const frame = frameOf('StartTransaction', context, existing.sessionId, false);
    const events = [sessionEvent(existing, 'repeated', context.receivedAtMs, { action: 'StartTransaction' })];
    await this.repository.commit({ frame, events });
    return answerOf(existing, tagStatus);
  }

  private open(message: StartMessage, { tag }: TagStatus, status: AuthorizationStatus, context: CallContext): Session {
    const { chargePointId, operatorId, stationId } = context.chargePoint;
    const transactionId = this.transactionIds.draw();
    return {
      sessionId: sessionIdOf(message.key, transactionId),
      chargePointId,
      connectorId: message.connectorId,
      transactionId,
      operatorId,
      stationId,
      idTag: message.idTag,
      evId: tag?.evId ?? null,
      userOperatorId: tag?.operatorId ?? null,
      status: status === 'Accepted' ? 'open' : 'refused',
      authorizationStatus: status,
      naturalKey: message.naturalKey,
      stopKey: null,
      startedAtMs: message.time.tariffMs,
      endedAtMs: null,
      reportedStartMs: message.time.reportedMs,
      reportedStopMs: null,
      startReceivedAtMs: context.receivedAtMs,
      stopReceivedAtMs: null,
      meterStartWh: message.isReadable ? message.meterStartWh : null,
      meterStopWh: null,
      stopReason: null,
      closeKind: null,
      holdReason: null,
      holdUntilMs: null,
      revision: 0,
      version: 1,
    };
  }

  /** The new session, the ends that it proves of others, and what was waiting for it. */
  private async changeOf(session: Session, known: StartKnowledge, context: CallContext): Promise<Change> {
    const nowMs = context.receivedAtMs;
    const inferred = known.unended.map((file) =>
      closeByInference(file, 'next_start', session.startedAtMs, context.chargePoint, nowMs),
    );
    const match = matchParked(session, known.parked);
    const own = await this.closeByParkedStop(session, match, context);
    const kind = session.status === 'open' ? 'started' : 'refused';
    const started = sessionEvent(session, kind, nowMs, {
      authorization: session.authorizationStatus,
      meterStartWh: session.meterStartWh,
    });
    const frame: NewFrame = frameOf('StartTransaction', context, session.sessionId, true);
    return {
      frame,
      opened: [own?.session ?? session],
      changed: inferred.map((closing) => closing.session),
      requests: [...inferred, ...(own === undefined ? [] : [own])].flatMap(({ request }) => request ?? []),
      events: [
        started,
        ...matchedEvents(session, match, nowMs),
        ...inferred.flatMap(({ events }) => events),
        ...(own?.events ?? []),
      ],
      meterValues: samplesOf(session, match),
      orphanDecisions: decisionsOf(session, match, nowMs),
    };
  }

  private async closeByParkedStop(session: Session, match: Match, context: CallContext): Promise<Closing | undefined> {
    if (match.stop === undefined) return undefined;
    const { chargePointId, connectorId, sessionId, startedAtMs } = session;
    const stop = match.stop.content.message;
    const overlaps = await this.repository.overlaps({
      chargePointId,
      connectorId,
      sessionId,
      startedAtMs,
      endedAtMs: stop.time.tariffMs,
    });
    const frames = [...match.meters, ...stopsOf(match)].sort((a, b) =>
      BigInt(a.orphanId) < BigInt(b.orphanId) ? -1 : 1,
    );
    const frameDigests = frames.map(({ frameDigest: digest }) => digest);
    const readings = readingsOf(match.meters.flatMap(({ content }) => content.message.samples));
    // The Stop is among the waiting frames already; the last one to come is this Start.
    const file = { session, readings, frameDigests, overlaps };
    return closeByStop(file, stop, frameDigest(context.rawFrame), context.chargePoint, context.receivedAtMs);
  }
}

function answerOf({ transactionId, authorizationStatus }: Session, tagStatus: TagStatus): StartTransactionResponse {
  return { transactionId, idTagInfo: { ...idTagInfoOf(tagStatus), status: authorizationStatus } };
}

/** A Start that cannot be believed is refused, and recorded all the same. */
function decide(message: StartMessage, { status, tag }: TagStatus, openSessionsOfAccount: number): AuthorizationStatus {
  if (!message.isReadable || !isRegister(message.meterStartWh)) return 'Invalid';
  if (status !== 'Accepted' || tag === undefined) return status;
  return openSessionsOfAccount >= tag.maxConcurrentSessions ? 'ConcurrentTx' : 'Accepted';
}

function matchedEvents(session: Session, match: Match, atMs: number): Change['events'] & object {
  return [...match.meters, ...stopsOf(match)].map(({ content: { action } }) =>
    sessionEvent(session, 'matched', atMs, { action }),
  );
}

function stopsOf({ stop, repeats }: Match): Match['repeats'] {
  return stop === undefined ? [] : [stop, ...repeats];
}

function samplesOf(session: Session, { stop, meters }: Match): Change['meterValues'] & object {
  return [...meters, ...(stop === undefined ? [] : [stop])].flatMap(({ content, receivedAtMs }) =>
    meterValuesOf(content.message.samples, session.sessionId, session, receivedAtMs),
  );
}

function decisionsOf(session: Session, match: Match, atMs: number): readonly OrphanDecision[] {
  return [...match.meters, ...stopsOf(match)].map(({ orphanId }) => ({
    orphanId,
    state: 'matched',
    sessionId: session.sessionId,
    holdReason: null,
    atMs,
  }));
}
