import { readFileSync } from 'node:fs';
import { HOLD_REASONS, SESSION_STATUSES, SETTLEMENT_STATES } from '@tallywatt/contracts';
import { z } from 'zod';
import { LINK_FAULTS } from '../faults.js';

const name = z.string().regex(/^[a-z0-9-]{1,24}$/);
const instant = z.iso.datetime({ offset: true });
const pile = name;
const wh = z.int();
const status = z.enum(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']);
/** Set, the frame carries exactly this message id. */
const messageId = z.string().max(36).optional();

/** `own`: what Start was answered with; `of`: another session's. */
const transactionId = z
  .union([z.enum(['own', 'minusOne', 'zero', 'random']), z.strictObject({ of: name })])
  .default('own');

const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('boot'), pile }),
  z.strictObject({ do: z.literal('authorize'), pile, tag: name, expect: status.default('Accepted') }),
  z.strictObject({
    do: z.literal('start'),
    pile,
    session: name,
    connectorId: z.int(),
    tag: name,
    at: instant,
    meterWh: wh,
    messageId,
    expect: status.default('Accepted'),
  }),
  z.strictObject({ do: z.literal('meterValues'), pile, session: name, at: instant, meterWh: wh }),
  z.strictObject({ do: z.literal('stop'), pile, session: name, at: instant, meterWh: wh, transactionId, messageId }),
  z.strictObject({ do: z.literal('fault'), pile, action: z.string(), fault: z.enum(LINK_FAULTS) }),
  z.strictObject({ do: z.literal('offline'), pile }),
  z.strictObject({ do: z.literal('online'), pile }),
  z.strictObject({ do: z.literal('reconnect'), pile }),
  z.strictObject({ do: z.literal('reboot'), pile }),
]);
export type Step = z.output<typeof step>;

const expectedSession = z.strictObject({
  session: name,
  status: z.enum(SESSION_STATUSES),
  closeKind: z.enum(['stopped', 'inferred']).optional(),
  settlement: z.enum(SETTLEMENT_STATES).optional(),
  holdReason: z.enum(HOLD_REASONS).nullable().optional(),
  energyWh: wh.optional(),
});
export type ExpectedSession = z.output<typeof expectedSession>;

export const scenarioSchema = z.strictObject({
  name,
  description: z.string(),
  /** Off only to send what the official schemas forbid. */
  strict: z.boolean().default(true),
  piles: z
    .array(
      z.strictObject({
        pile,
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
      }),
    )
    .max(20),
  steps: z.array(step).min(1).max(10_000),
  expect: z.strictObject({
    /** Sessions that the central system holds of all piles of the scenario, no more and no less. */
    sessionCount: z.int(),
    sessions: z.array(expectedSession),
    /** Names whose Starts must have been answered with one and the same transactionId. */
    sameTransaction: z.array(z.array(name).min(2)).default([]),
  }),
});
export type Scenario = z.output<typeof scenarioSchema>;

/** Reads and checks a scenario file; every fault is listed at once. */
export function readScenario(path: string): Scenario {
  const parsed = scenarioSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`${path} is not a scenario:\n${faults.join('\n')}`);
}
