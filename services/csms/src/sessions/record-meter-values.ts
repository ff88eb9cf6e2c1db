import { Injectable } from '@nestjs/common';
import type { CallContext } from '../ocpp/handles.decorator.js';
import { sessionEvent, type Change } from './change.js';
import { SessionRepository, type MeterKnowledge } from './session.repository.js';
import { awaitsStop, type Session } from './session.js';
import { retryWhenStale } from './stale.js';
import { frameOf, meterValuesOf } from './stored-messages.js';
import { readMeterValues, type MeterMessage } from './transaction-messages.js';

/** Use case: MeterValues are kept raw and as samples; they never change a session. */
@Injectable()
export class RecordMeterValues {
  constructor(private readonly repository: SessionRepository) {}

  async record(payload: unknown, context: CallContext): Promise<void> {
    const message = readMeterValues(payload, context);
    await retryWhenStale(async () => {
      const { chargePointId } = context.chargePoint;
      const { connectorId, transactionId, contentKey } = message;
      const known = await this.repository.forMeter({
        chargePointId,
        connectorId,
        transactionId,
        contentKey,
        probe: message.samples[0],
      });
      await this.repository.commit(changeOf(message, known, context));
    });
  }
}

function changeOf(message: MeterMessage, known: MeterKnowledge, context: CallContext): Change {
  const session = sessionOf(message, known);
  const sessionId = session?.sessionId ?? null;
  if (known.isRepeat) return { frame: frameOf('MeterValues', context, sessionId, false) };
  if (session === undefined && message.transactionId !== null) return park(message, context);
  const isEvidence = session !== undefined && awaitsStop(session);
  const meterValues = meterValuesOf(
    message.samples,
    sessionId,
    { ...context.chargePoint, connectorId: message.connectorId },
    context.receivedAtMs,
  );
  const frame = frameOf('MeterValues', context, sessionId, isEvidence);
  if (session === undefined) return { frame, meterValues };
  const registerWh = message.samples.findLast((sample) => sample.registerWh !== null)?.registerWh ?? null;
  return { frame, meterValues, events: [sessionEvent(session, 'meter', context.receivedAtMs, { registerWh })] };
}

/** By the pile's own id; a pile that never learned its id (−1, 0, none) means what runs on the connector. */
function sessionOf({ transactionId, atMs }: MeterMessage, { own, running }: MeterKnowledge): Session | undefined {
  if (own !== undefined) return own;
  const hasNoId = transactionId === null || transactionId <= 0;
  return hasNoId && running !== undefined && atMs >= running.startedAtMs ? running : undefined;
}

/** They belong to a transaction that we have not heard of yet. */
function park(message: MeterMessage, context: CallContext): Change {
  const { chargePointId, operatorId } = context.chargePoint;
  const { receivedAtMs } = context;
  const event = {
    atMs: receivedAtMs,
    kind: 'parked',
    sessionId: null,
    chargePointId,
    operatorId,
    userOperatorId: null,
    evId: null,
  } as const;
  return {
    frame: frameOf('MeterValues', context, null, true),
    orphan: { chargePointId, operatorId, receivedAtMs, state: 'parked', content: { action: 'MeterValues', message } },
    events: [{ ...event, data: { action: 'MeterValues', transactionId: message.transactionId } }],
  };
}
