import { Injectable } from '@nestjs/common';
import type { CallContext } from '../ocpp/handles.decorator.js';
import type { StopTransactionResponse } from '../ocpp/requests.js';
import { sessionEvent, type Change } from './change.js';
import { closeByStop } from './closing.js';
import { frameDigest } from './identity.js';
import { CANDIDATE_AGE_MS, singleFitting } from './orphans.js';
import { SessionRepository, type SessionFile, type StopKnowledge } from './session.repository.js';
import { awaitsStop, type Session } from './session.js';
import { retryWhenStale } from './stale.js';
import { frameOf, meterValuesOf } from './stored-messages.js';
import { readStop, type StopMessage } from './transaction-messages.js';

/** Use case: a StopTransaction ends its session, once, and asks for its settlement in the same commit. */
@Injectable()
export class StopSession {
  constructor(private readonly repository: SessionRepository) {}

  async stop(payload: unknown, context: CallContext): Promise<StopTransactionResponse> {
    const message = readStop(payload, context);
    return retryWhenStale(async () => {
      const known = await this.repository.forStop({
        chargePointId: context.chargePoint.chargePointId,
        transactionId: message.transactionId,
        stopKey: message.stopKey,
        endedAtMs: message.time.tariffMs,
        candidatesSinceMs: context.receivedAtMs - CANDIDATE_AGE_MS,
      });
      await this.repository.commit(changeOf(message, known, context));
      return answerTo(message, known.own?.session);
    });
  }
}

/** Depends on the message and the session's start alone, so that a retry gets the same whatever happened in between. */
function answerTo(message: StopMessage, own: Session | undefined): StopTransactionResponse {
  if (own === undefined || message.idTag === null || message.idTag.toLowerCase() !== own.idTag.toLowerCase()) return {};
  return { idTagInfo: { status: own.authorizationStatus } };
}

function changeOf(message: StopMessage, known: StopKnowledge, context: CallContext): Change {
  if (known.repeatOf !== undefined) return repeated(known.repeatOf, context);
  if (known.isParkedAlready) return { frame: frameOf('StopTransaction', context, null, false) };
  if (known.own !== undefined) {
    return awaitsStop(known.own.session)
      ? ended(known.own, message, context)
      : differing(known.own.session, message, context);
  }
  const fitting = singleFitting(known.candidates, message);
  return fitting === undefined ? orphaned(message, known.isForeign, context) : ended(fitting, message, context);
}

function ended(file: SessionFile, message: StopMessage, context: CallContext): Change {
  const { session, request, events } = closeByStop(
    file,
    message,
    frameDigest(context.rawFrame),
    context.chargePoint,
    context.receivedAtMs,
  );
  const isMatched = message.transactionId !== session.transactionId;
  const matched = sessionEvent(session, 'matched', context.receivedAtMs, {
    action: 'StopTransaction',
    reported: message.transactionId,
  });
  return {
    frame: frameOf('StopTransaction', context, session.sessionId, true),
    changed: [session],
    meterValues: meterValuesOf(message.samples, session.sessionId, session, context.receivedAtMs),
    requests: request === undefined ? [] : [request],
    events: isMatched ? [matched, ...events] : events,
  };
}

function repeated(session: Session, context: CallContext): Change {
  return {
    frame: frameOf('StopTransaction', context, session.sessionId, false),
    events: [sessionEvent(session, 'repeated', context.receivedAtMs, { action: 'StopTransaction' })],
  };
}

/** A second Stop that says something else: acknowledged and kept for the audit; the first one stands. */
function differing(session: Session, message: StopMessage, context: CallContext): Change {
  const { meterStopWh, time, reason } = message;
  const data = { meterStopWh, endedAtMs: time.tariffMs, reason };
  return {
    frame: frameOf('StopTransaction', context, session.sessionId, false),
    events: [sessionEvent(session, 'stop_differs', context.receivedAtMs, data)],
  };
}

/** Waits for a Start that may still come; another pile's id can have none here, a person looks at once. */
function orphaned(message: StopMessage, isForeign: boolean, context: CallContext): Change {
  const { chargePointId, operatorId } = context.chargePoint;
  const { receivedAtMs } = context;
  const kind = isForeign ? 'orphaned' : 'parked';
  const event = {
    atMs: receivedAtMs,
    kind,
    sessionId: null,
    chargePointId,
    operatorId,
    userOperatorId: null,
    evId: null,
  } as const;
  return {
    frame: frameOf('StopTransaction', context, null, true),
    orphan: {
      chargePointId,
      operatorId,
      receivedAtMs,
      state: isForeign ? 'held' : 'parked',
      content: { action: 'StopTransaction', message },
    },
    events: [
      {
        ...event,
        data: { action: 'StopTransaction', transactionId: message.transactionId, meterStopWh: message.meterStopWh },
      },
    ],
  };
}
