import { z } from 'zod';
import type { HoldReason, CloseKind } from './facts.js';
import type { MoneyView } from './operations.js';
import type { SettlementState } from './outcome.js';
import { LEDGER_ID_PATTERN, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from './operations.js';
import { ROLES } from './principal.js';

/** Bodies and views of the routes that csms answers itself; the simulator and `deploy/local` use the same. */

/** ocpp.md: identity of a pile = last path segment of its URL. */
export const CHARGE_POINT_ID_PATTERN = /^[A-Za-z0-9_-]{1,48}$/;
/** OCPP 1.6 CiString20. */
export const ID_TAG_LENGTH_MAX = 20;
const ledgerId = z.string().regex(LEDGER_ID_PATTERN);

export const registerChargePointBody = z.strictObject({
  id: z.string().regex(CHARGE_POINT_ID_PATTERN),
  operatorId: ledgerId,
  stationId: ledgerId,
  connectors: z
    .array(
      z.strictObject({
        connectorId: z.number().int().min(1).max(64),
        ratedPowerW: z.number().int().min(1).max(2_000_000),
        type: z.string().min(1).max(32).default('AC'),
      }),
    )
    .min(1)
    .max(64),
  /** `recorded` is refused unless `simulated`. */
  clock: z.enum(['live', 'recorded']).default('live'),
  simulated: z.boolean().default(false),
  strict: z.boolean().default(false),
  subprotocolOptional: z.boolean().default(false),
  securityProfile: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).default(1),
});
export type RegisterChargePointBody = z.input<typeof registerChargePointBody>;

export interface ChargePointView {
  readonly id: string;
  readonly operatorId: string;
  readonly stationId: string;
  readonly connected: boolean;
  readonly lastHeartbeatAt: string | null;
  readonly lastSeenAt: string | null;
  readonly clock: 'live' | 'recorded';
  readonly simulated: boolean;
  readonly strict: boolean;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmwareVersion: string | null;
  readonly connectors: readonly {
    readonly connectorId: number;
    readonly ratedPowerW: number;
    readonly type: string;
    readonly status: string | null;
    readonly errorCode: string | null;
    readonly statusAt: string | null;
  }[];
  readonly flags: Readonly<Record<string, number>>;
}
/** Answer of `POST /v1/charge-points` and `POST /v1/charge-points/{id}/password`: the one time that the password is shown. */
export interface ChargePointCredentialView {
  readonly id: string;
  readonly url: string;
  readonly password: string;
}

export const openAccountBody = z.strictObject({
  /** Issued by the system (a random pseudonym) when absent. */
  evId: ledgerId.optional(),
  operatorId: ledgerId,
  idTags: z
    .array(
      z.strictObject({
        idTag: z.string().min(1).max(ID_TAG_LENGTH_MAX),
        expiresAt: z.iso.datetime({ offset: true }).optional(),
      }),
    )
    .max(20)
    .default([]),
  /** Open sessions that the account may have at once (ocpp.md: default 1). */
  maxConcurrentSessions: z.number().int().min(1).max(1000).default(1),
});
export type OpenAccountBody = z.input<typeof openAccountBody>;
export interface IdTagView {
  readonly idTag: string;
  readonly evId: string;
  readonly operatorId: string;
  readonly expiresAt: string | null;
  readonly maxConcurrentSessions: number;
}

/** product.md: POSTs that move money need this header; it becomes the ledger's external reference. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';
export const depositBody = z.strictObject({ amountMinor: z.string().regex(/^[1-9][0-9]{0,15}$/) });

export const commandBody = z.strictObject({
  action: z.string().min(1).max(40),
  payload: z.record(z.string(), z.unknown()).default({}),
});
export const COMMAND_STATES = ['queued', 'sent', 'accepted', 'rejected', 'error', 'timeout', 'expired'] as const;
export type CommandState = (typeof COMMAND_STATES)[number];
export interface CommandView {
  readonly id: string;
  readonly chargePointId: string;
  readonly action: string;
  readonly payload: unknown;
  readonly state: CommandState;
  /** The pile's own CALLRESULT payload, or null. */
  readonly result: unknown;
  readonly error: { readonly code: string; readonly description: string; readonly details: unknown } | null;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly endedAt: string | null;
}

export const SESSION_STATUSES = ['open', 'closed', 'refused'] as const;
export type SessionStatus = (typeof SESSION_STATUSES)[number];
export const sessionsQuery = z.strictObject({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  operatorId: ledgerId.optional(),
  stationId: ledgerId.optional(),
  chargePointId: z.string().max(48).optional(),
  evId: ledgerId.optional(),
  status: z.enum(SESSION_STATUSES).optional(),
  settlementStatus: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
  cursor: z.string().max(200).optional(),
  count: z.stringbool().optional(),
  format: z.enum(['json', 'csv']).optional(),
});
export interface SessionView {
  /** Also the settlement id of its first settlement, and so the id of its bill. */
  readonly id: string;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number;
  readonly operatorId: string;
  readonly stationId: string;
  readonly evId: string | null;
  readonly userOperatorId: string | null;
  readonly status: SessionStatus;
  /** idTagInfo.status that StartTransaction was answered with. */
  readonly authorization: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly meterStartWh: number | null;
  readonly meterStopWh: number | null;
  readonly energyWh: number | null;
  readonly stopReason: string | null;
  readonly closeKind: CloseKind | null;
  readonly holdReason: HoldReason | null;
  readonly simulated: boolean;
  readonly settlement: {
    readonly state: SettlementState;
    readonly code: string | null;
    readonly total: MoneyView | null;
    readonly txId: string | null;
    readonly blockNumber: number | null;
  } | null;
}

/** What `npm start -- --credentials FILE` writes (mode 0600). */
export const credentialsFile = z.object({
  api: z.string(),
  ocpp: z.string(),
  users: z.array(
    z.object({
      role: z.enum(ROLES),
      organisation: z.string(),
      name: z.string(),
      token: z.string(),
      evId: z.string().optional(),
    }),
  ),
});
export type CredentialsFile = z.output<typeof credentialsFile>;

/** One entry of `GET /v1/events`; the SSE id is the cursor pair `c<csms sequence>-s<settlement sequence>`. */
export interface LiveLogEntry {
  readonly id: string;
  readonly kind: 'frame' | 'session' | 'settlement' | 'connection' | 'security';
  readonly at: string;
  readonly chargePointId: string | null;
  readonly sessionId: string | null;
  readonly operatorId: string | null;
  readonly text: string;
  readonly data: unknown;
}
