import type { Prng } from '../support/prng.js';
import { objectOf, type Json } from './hostile-values.js';

/** What a generator knows of the pile that it speaks for. */
export interface Speaker {
  readonly idTags: readonly [string, ...string[]];
  /** Connectors that its transactions may name. */
  readonly connectorIds: readonly [number, ...number[]];
  /** Transaction ids that are worth trying: its own, other piles', and made-up ones. */
  transactionId(random: Prng): number;
}

export const CALL_ACTIONS = [
  'Authorize',
  'BootNotification',
  'DataTransfer',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'MeterValues',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
] as const;
export type CallAction = (typeof CALL_ACTIONS)[number];

/** Transaction messages come most: they are what costs money. A boot ends the pile's sessions, so it comes rarely. */
const DRAWN: readonly [CallAction, ...CallAction[]] = [
  'StartTransaction',
  'StartTransaction',
  'StopTransaction',
  'StopTransaction',
  'StopTransaction',
  'MeterValues',
  'MeterValues',
  'MeterValues',
  'StatusNotification',
  'StatusNotification',
  'Authorize',
  'Authorize',
  'Heartbeat',
  'DataTransfer',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
];
const BOOT_SHARE = 0.02;

const FIRST_TIME_MS = Date.UTC(2024, 0, 1);
const TIME_SPAN_S = 400 * 24 * 3_600;

export function drawAction(random: Prng): CallAction {
  return random.next() < BOOT_SHARE ? 'BootNotification' : random.pick(DRAWN);
}

export function timestamp(random: Prng): string {
  return new Date(FIRST_TIME_MS + random.between(0, TIME_SPAN_S) * 1_000).toISOString();
}

/** A payload that the official schema takes. */
export function validPayload(action: CallAction, random: Prng, speaker: Speaker): { readonly [name: string]: Json } {
  return VALID[action](random, speaker);
}

type Make = (random: Prng, speaker: Speaker) => { readonly [name: string]: Json };

const VALID: Readonly<Record<CallAction, Make>> = {
  Authorize: (random, { idTags }) => ({ idTag: random.pick(idTags) }),
  BootNotification: () => ({ chargePointVendor: 'Fuzz', chargePointModel: 'F', firmwareVersion: '1.0' }),
  DataTransfer: () => ({ vendorId: 'com.example', messageId: 'm', data: '{"a":1}' }),
  DiagnosticsStatusNotification: (random) => ({ status: random.pick(['Idle', 'Uploaded', 'UploadFailed']) }),
  FirmwareStatusNotification: (random) => ({ status: random.pick(['Idle', 'Downloading', 'Installed']) }),
  Heartbeat: () => ({}),
  MeterValues: (random, speaker) =>
    withOptional(random, 'transactionId', speaker.transactionId(random), {
      connectorId: random.pick(speaker.connectorIds),
      meterValue: readings(random),
    }),
  StartTransaction: (random, speaker) => ({
    connectorId: random.pick(speaker.connectorIds),
    idTag: random.pick(speaker.idTags),
    meterStart: random.between(0, 50_000),
    timestamp: timestamp(random),
  }),
  StatusNotification: (random, { connectorIds }) => ({
    connectorId: random.pick(connectorIds),
    errorCode: 'NoError',
    status: random.pick(['Available', 'Preparing', 'Charging', 'Finishing', 'Faulted']),
    timestamp: timestamp(random),
  }),
  StopTransaction: (random, speaker) =>
    withOptional(random, 'idTag', random.pick(speaker.idTags), {
      transactionId: speaker.transactionId(random),
      meterStop: random.between(0, 90_000),
      timestamp: timestamp(random),
      reason: random.pick(['Local', 'Remote', 'EVDisconnected']),
      ...(random.next() < 0.3 ? { transactionData: readings(random) } : {}),
    }),
};

function withOptional(random: Prng, name: string, value: Json, rest: { readonly [name: string]: Json }): typeof rest {
  return random.next() < 0.7 ? objectOf([...Object.entries(rest), [name, value]]) : rest;
}

function readings(random: Prng): Json {
  return Array.from({ length: random.between(1, 3) }, () => ({
    timestamp: timestamp(random),
    sampledValue: [
      {
        value: String(random.between(0, 90_000)),
        unit: random.pick(['Wh', 'kWh']),
        measurand: 'Energy.Active.Import.Register',
        context: 'Sample.Periodic',
      },
      { value: '16.0', unit: 'A', measurand: 'Current.Import', phase: 'L1' },
    ],
  }));
}
