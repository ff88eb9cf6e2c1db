import type { CallContext } from '../ocpp/handles.decorator.js';
import { digestOf, naturalKeyOf, type StartKey } from './identity.js';
import { readPileTime, type PileTime } from './pile-time.js';
import { fieldOf, readSamples, type Sample } from './samples.js';

/** Longest text of a charger that becomes a column; the frame keeps all of it. */
export const TEXT_LENGTH_MAX = 255;

/**
 * The transaction messages as sessions/ works with them. Their payload may be any JSON object (reliability.md 1.2), so
 * each field is read on its own: what is unreadable becomes null and is judged later, never refused.
 */
export interface StartMessage {
  readonly key: StartKey;
  /** SHA-256 (hex). */
  readonly naturalKey: string;
  /** 0 when unreadable. */
  readonly connectorId: number;
  readonly idTag: string;
  readonly time: PileTime;
  /** null when no safe integer. */
  readonly meterStartWh: number | null;
  /** The payload had the standard's shape, at least leniently. */
  readonly isReadable: boolean;
}

export interface StopMessage {
  /** As sent: ours, another pile's, −1, 0; null when unreadable. */
  readonly transactionId: number | null;
  readonly idTag: string | null;
  readonly time: PileTime;
  readonly meterStopWh: number | null;
  readonly reason: string | null;
  readonly samples: readonly Sample[];
  /** SHA-256 (hex) over what the message says, never over its message id: tells a retry. */
  readonly stopKey: string;
}

export interface MeterMessage {
  readonly transactionId: number | null;
  readonly connectorId: number;
  readonly samples: readonly Sample[];
  /** Earliest time of a sample; the time of arrival without one. */
  readonly atMs: number;
  /** SHA-256 (hex) over what the message says. */
  readonly contentKey: string;
}

export function readStart(payload: unknown, context: CallContext): StartMessage {
  const connectorId = integerOf(payload, 'connectorId');
  const idTag = fieldOf(payload, 'idTag');
  const meterStart = fieldOf(payload, 'meterStart');
  const time = timeOf(payload, context);
  const key: StartKey = {
    chargePointId: context.chargePoint.chargePointId,
    connectorId: keyText(fieldOf(payload, 'connectorId')),
    idTag: keyText(idTag),
    startTimestamp: time.key,
    meterStart: keyText(meterStart),
  };
  return {
    key,
    naturalKey: naturalKeyOf(key),
    connectorId: connectorId ?? 0,
    idTag: typeof idTag === 'string' ? idTag.slice(0, TEXT_LENGTH_MAX) : '',
    time,
    meterStartWh: integerOf(payload, 'meterStart'),
    isReadable: context.schemaValid && connectorId !== null && typeof idTag === 'string',
  };
}

export function readStop(payload: unknown, context: CallContext): StopMessage {
  const time = timeOf(payload, context);
  const reason = fieldOf(payload, 'reason');
  const idTag = fieldOf(payload, 'idTag');
  const said = ['transactionId', 'meterStop', 'idTag', 'reason'].map((name) => keyText(fieldOf(payload, name)));
  return {
    transactionId: integerOf(payload, 'transactionId'),
    idTag: typeof idTag === 'string' ? idTag.slice(0, TEXT_LENGTH_MAX) : null,
    time,
    // A number that a double cannot hold is not the one that the pile meant.
    meterStopWh: context.schemaValid ? integerOf(payload, 'meterStop') : null,
    reason: typeof reason === 'string' ? reason.slice(0, TEXT_LENGTH_MAX) : null,
    samples: readSamples(fieldOf(payload, 'transactionData'), context.chargePoint.clock, context.receivedAtMs),
    stopKey: digestOf(['stop', context.chargePoint.chargePointId, time.key, ...said]),
  };
}

export function readMeterValues(payload: unknown, context: CallContext): MeterMessage {
  const samples = readSamples(fieldOf(payload, 'meterValue'), context.chargePoint.clock, context.receivedAtMs);
  const { chargePointId } = context.chargePoint;
  return {
    transactionId: integerOf(payload, 'transactionId'),
    connectorId: integerOf(payload, 'connectorId') ?? 0,
    samples,
    atMs: samples.reduce((earliest, { atMs }) => Math.min(earliest, atMs), samples[0]?.atMs ?? context.receivedAtMs),
    contentKey: digestOf(['meter', chargePointId, keyText(payload)]),
  };
}

function timeOf(payload: unknown, context: CallContext): PileTime {
  return readPileTime(fieldOf(payload, 'timestamp'), context.chargePoint.clock, context.receivedAtMs);
}

/** A safe integer that fits the column, else null. */
function integerOf(payload: unknown, name: string): number | null {
  const value = fieldOf(payload, name);
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return null;
  // Ids are int32 columns; registers are bigint.
  return name === 'connectorId' && Math.abs(value) > 0x7fff_ffff ? null : value;
}

function keyText(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
