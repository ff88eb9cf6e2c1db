import { readFileSync } from 'node:fs';
import { SETTLEMENT_STATES } from '@tallywatt/contracts';
import { z } from 'zod';
import { LINK_FAULTS } from '../faults.js';
import { expectation } from './expected-end.js';

const name = z.string().regex(/^[a-z0-9-]{1,24}$/);
/** See `momentText`: relative to the start of the run, an instant, or any text. */
const moment = z.string().min(1).max(60);
const pile = name;
const wh = z.int();
const status = z.enum(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']);
/** Set, the frame carries exactly this message id. */
const messageId = z.string().max(36).optional();
/** `own`: what Start was answered with, −1 before; `of`: another session's. */
const transactionId = z
  .union([z.enum(['own', 'minusOne', 'zero', 'random']), z.strictObject({ of: name })])
  .default('own');
/** Only where the pile tells of a session whose Start it has not sent yet. */
const early = { tag: name.optional(), connectorId: z.int().optional() };

const simpleStep = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('boot'), pile }),
  /** Asked again for a moment: what the ledger just decided is known a moment later. */
  z.strictObject({ do: z.literal('authorize'), pile, tag: name, expect: status.default('Accepted') }),
  z.strictObject({
    do: z.literal('start'),
    pile,
    session: name,
    connectorId: z.int(),
    tag: name,
    at: moment,
    meterWh: wh,
    messageId,
    expect: z.union([status, z.literal('any')]).default('Accepted'),
  }),
  z.strictObject({
    do: z.literal('meterValues'),
    pile,
    session: name,
    at: moment,
    meterWh: wh,
    unit: z.enum(['Wh', 'kWh']).default('Wh'),
    transactionId,
    ...early,
    messageId,
    /** So many messages, each later and higher than the one before. */
    series: z.strictObject({ count: z.int(), everySeconds: z.int(), stepWh: wh }).optional(),
  }),
  z.strictObject({
    do: z.literal('stop'),
    pile,
    session: name,
    at: moment,
    meterWh: wh,
    transactionId,
    ...early,
    messageId,
  }),
  z.strictObject({
    do: z.literal('status'),
    pile,
    connectorId: z.int(),
    status: z.enum(['Available', 'Preparing', 'Charging', 'Finishing', 'Faulted']),
    at: moment,
  }),
  /** A frame with this text as its payload (see `rawPayload`); `session` names the one that a Start opens. */
  z.strictObject({
    do: z.literal('raw'),
    pile,
    action: z.string(),
    payload: z.string(),
    messageId: z.string().optional(),
    session: name.optional(),
    expect: z.string().default('CALLRESULT'),
  }),
  z.strictObject({ do: z.literal('fault'), pile, action: z.string(), fault: z.enum(LINK_FAULTS) }),
  z.strictObject({ do: z.literal('offline'), pile }),
  z.strictObject({ do: z.literal('online'), pile }),
  z.strictObject({ do: z.literal('reconnect'), pile }),
  z.strictObject({ do: z.literal('reboot'), pile }),
  /** Another socket with the pile's identity and key; the old one stays open without a word. */
  z.strictObject({ do: z.literal('takeOver'), pile }),
  z.strictObject({ do: z.literal('command'), pile, action: z.string(), expect: z.string() }),
  z.strictObject({ do: z.literal('freeze'), tag: name, frozen: z.boolean() }),
  /** The scenario's tariff gets another version from then on; `expect` is the problem's code or `accepted`. */
  z.strictObject({ do: z.literal('changeTariff'), validFrom: moment, expect: z.string() }),
  /** The bill or hold of the session has come to this; what follows meets a settled session. */
  z.strictObject({ do: z.literal('settled'), session: name, state: z.enum(SETTLEMENT_STATES) }),
  /** More than a day passes for the central system. */
  z.strictObject({ do: z.literal('later') }),
]);
const step = z.union([simpleStep, z.strictObject({ do: z.literal('atOnce'), steps: z.array(simpleStep).min(2) })]);
export type SimpleStep = z.output<typeof simpleStep>;
export type Step = z.output<typeof step>;

const price = z.strictObject({
  priceId: name,
  validFrom: moment,
  validTo: moment.nullable(),
  electricityPriceE4: z.int(),
  servicePriceE4: z.int(),
});
export type ScenarioPrice = z.output<typeof price>;

export const scenarioSchema = z.strictObject({
  /** With the seed it is a part of every id: long enough to say what it is, short enough for OCPP's 48 characters. */
  name: z.string().regex(/^[a-z0-9-]{1,28}$/),
  description: z.string(),
  /** Off only to send what the official schemas forbid. */
  strict: z.boolean().default(true),
  /** Absent: the operator's own. Present: prices of a station that only this scenario has. */
  tariff: z.array(price).min(1).optional(),
  piles: z
    .array(
      z.strictObject({
        pile,
        clock: z.enum(['live', 'recorded']).default('recorded'),
        connectors: z.array(z.strictObject({ connectorId: z.int(), ratedPowerW: z.int() })).min(1),
      }),
    )
    .min(1)
    .max(20),
  drivers: z
    .array(
      z.strictObject({
        tag: name,
        depositMinor: z.string().regex(/^[1-9]\d{0,12}$/),
        maxConcurrentSessions: z.int().default(1),
        expiresAt: moment.optional(),
        /** Off: a card whose account the ledger does not have; only a test harness can make one. */
        onLedger: z.boolean().default(true),
      }),
    )
    .max(20),
  steps: z.array(step).min(1).max(10_000),
  expect: expectation,
});
export type Scenario = z.output<typeof scenarioSchema>;

/** Reads and checks a scenario file; every fault is listed at once. */
export function readScenario(path: string): Scenario {
  const parsed = scenarioSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${path} is not a scenario:\n${faults.join('\n')}`);
}
