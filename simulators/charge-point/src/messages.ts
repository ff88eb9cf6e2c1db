import { timestamp } from './clock.js';

/** Payloads of the messages that a pile sends; times in epoch milliseconds, energy in whole Wh. */

export function startTransaction(session: {
  connectorId: number;
  idTag: string;
  startMs: number;
  meterStartWh: number;
}): object {
  return {
    connectorId: session.connectorId,
    idTag: session.idTag,
    meterStart: session.meterStartWh,
    timestamp: timestamp(session.startMs),
  };
}

export type ReadingContext = 'Sample.Periodic' | 'Transaction.Begin' | 'Transaction.End' | 'Trigger';

export function meterValues(reading: {
  connectorId: number;
  transactionId?: number;
  atMs: number;
  registerWh: number;
  powerW?: number;
  context: ReadingContext;
}): object {
  const energy = {
    value: String(reading.registerWh),
    context: reading.context,
    measurand: 'Energy.Active.Import.Register',
    unit: 'Wh',
  };
  const power = {
    value: String(reading.powerW),
    context: reading.context,
    measurand: 'Power.Active.Import',
    unit: 'W',
  };
  return {
    connectorId: reading.connectorId,
    ...(reading.transactionId === undefined ? {} : { transactionId: reading.transactionId }),
    meterValue: [
      { timestamp: timestamp(reading.atMs), sampledValue: reading.powerW === undefined ? [energy] : [energy, power] },
    ],
  };
}

export type StopReason =
  'Local' | 'Remote' | 'EVDisconnected' | 'DeAuthorized' | 'HardReset' | 'SoftReset' | 'Reboot' | 'UnlockCommand';

export function stopTransaction(stop: {
  transactionId: number;
  idTag?: string;
  endMs: number;
  meterStopWh: number;
  reason?: StopReason;
}): object {
  return {
    transactionId: stop.transactionId,
    ...(stop.idTag === undefined ? {} : { idTag: stop.idTag }),
    meterStop: stop.meterStopWh,
    timestamp: timestamp(stop.endMs),
    ...(stop.reason === undefined ? {} : { reason: stop.reason }),
  };
}
