import type { TransactionAction } from '../ocpp/actions.js';
import type { CallContext } from '../ocpp/handles.decorator.js';
import type { NewFrame, NewMeterValue } from './change.js';
import type { Sample } from './samples.js';

/** The message as it is kept for ever. */
export function frameOf(
  action: TransactionAction,
  context: CallContext,
  sessionId: string | null,
  isEvidence: boolean,
): NewFrame {
  return {
    atMs: context.receivedAtMs,
    chargePointId: context.chargePoint.chargePointId,
    action,
    messageId: context.messageId,
    raw: context.rawFrame,
    sessionId,
    isEvidence,
    flags: context.flags,
  };
}

export function meterValuesOf(
  samples: readonly Sample[],
  sessionId: string | null,
  at: { readonly chargePointId: string; readonly connectorId: number },
  receivedAtMs: number,
): readonly NewMeterValue[] {
  const { chargePointId, connectorId } = at;
  return samples.map((sample) => ({ ...sample, sessionId, chargePointId, connectorId, receivedAtMs }));
}
