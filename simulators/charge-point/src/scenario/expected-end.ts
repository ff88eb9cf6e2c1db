import { BREAK_TYPES, HOLD_REASONS, SESSION_STATUSES, SETTLEMENT_STATES } from '@tallywatt/contracts';
import { z } from 'zod';

const name = z.string();
const wh = z.int();

const expectedSession = z.strictObject({
  session: name,
  status: z.enum(SESSION_STATUSES),
  authorization: z.string().optional(),
  closeKind: z.enum(['stopped', 'inferred']).nullable().optional(),
  stopReason: z.string().nullable().optional(),
  settlement: z.enum(SETTLEMENT_STATES).nullable().optional(),
  settlementCode: z.string().nullable().optional(),
  holdReason: z.enum(HOLD_REASONS).nullable().optional(),
  energyWh: wh.nullable().optional(),
  /** Energy on the bill; null: there must be no bill. */
  billedWh: wh.nullable().optional(),
  /** The bill's lines in their order, `priceId: Wh`. */
  lines: z.array(z.string()).optional(),
  /** What reconciliation finds of this session. */
  breaks: z.array(z.enum(BREAK_TYPES)).optional(),
});
export type ExpectedSession = z.output<typeof expectedSession>;

const expectedDriver = z.strictObject({
  tag: name,
  status: z.enum(['active', 'blocked', 'frozen']).optional(),
  creditSum: z.int().optional(),
  creditCount: z.int().optional(),
  arrears: z.int().optional(),
  isInDebt: z.boolean().optional(),
});
export type ExpectedDriver = z.output<typeof expectedDriver>;

/** How a scenario must end, as people see it over the API. */
export const expectation = z.strictObject({
  /** Sessions that the central system holds of all piles of the scenario, no more and no less. */
  sessionCount: z.int(),
  /** How many of them have which status; for ends that may fall either way. */
  statusCounts: z.partialRecord(z.enum(SESSION_STATUSES), z.int()).optional(),
  sessions: z.array(expectedSession),
  /** Names whose Starts must have been answered with one and the same transactionId. */
  sameTransaction: z.array(z.array(name).min(2)).default([]),
  drivers: z.array(expectedDriver).default([]),
  /** Oddities counted per pile, exactly; a pile that is not named is not looked at. */
  flags: z.record(name, z.record(z.string(), z.int())).default({}),
  /** Words that the live log must show of a pile. */
  log: z.array(z.strictObject({ pile: name, words: z.string() })).default([]),
});
