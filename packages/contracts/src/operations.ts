import { z } from 'zod';

/**
 * Every operation of `/v1` that settlement answers: name → input schema. csms validates the request with it and
 * forwards; settlement validates again. Outputs are the API's JSON bodies (product.md "API conventions").
 */

/** ledger.md: ids that may become part of a state key. */
export const LEDGER_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;
const ledgerId = z.string().regex(LEDGER_ID_PATTERN);
const amountMinor = z.string().regex(/^[1-9][0-9]{0,15}$/);
const reference = ledgerId;
const instant = z.iso.datetime({ offset: true });

/** reliability.md section 8: page ≤ 200. */
export const PAGE_SIZE_MAX = 200;
export const PAGE_SIZE_DEFAULT = 50;
const page = {
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
  cursor: z.string().max(200).optional(),
  count: z.stringbool().optional(),
};
const period = { from: instant.optional(), to: instant.optional() };

const price = z.strictObject({
  priceId: ledgerId,
  fromMinute: z.number().int().min(0).max(1439),
  toMinute: z.number().int().min(1).max(1440),
  weekdayMask: z.number().int().min(1).max(127).default(127),
  validFrom: instant,
  validTo: instant.nullable().default(null),
  /** 1e-4 currency unit per kWh. */
  electricityPriceE4: z.number().int().min(0).max(9_999_999),
  servicePriceE4: z.number().int().min(0).max(9_999_999),
});

const decimalInteger = z.string().regex(/^-?[0-9]{1,16}$/);

export const OPERATION_INPUTS = {
  registerOperator: z.strictObject({ operatorId: ledgerId, name: z.string().min(1).max(100) }),
  listOperators: z.strictObject({}),
  setParameters: z.strictObject({
    alphaE6: decimalInteger,
    betaE6: decimalInteger,
    sigmaE6: decimalInteger,
    thresholdMinor: decimalInteger,
    minCreditE6: decimalInteger,
    endorsementRangeBlocks: z.number().int().min(1).max(1_000_000),
    endorsementQuorum: z.number().int().min(1).max(100),
  }),
  getParameters: z.strictObject({}),
  publishTariff: z.strictObject({
    tariffId: ledgerId,
    operatorId: ledgerId,
    prices: z.array(price).min(1).max(200),
  }),
  listTariffs: z.strictObject({ operatorId: ledgerId.optional(), ...page }),
  registerStation: z.strictObject({
    stationId: ledgerId,
    operatorId: ledgerId,
    name: z.string().min(1).max(200),
    peerNode: ledgerId,
    tariffId: ledgerId,
    /** IANA zone; its UTC-offset transitions go on the ledger. */
    timeZone: z.string().min(1).max(64),
    latitudeE6: z.number().int().min(-90_000_000).max(90_000_000),
    longitudeE6: z.number().int().min(-180_000_000).max(180_000_000),
    piles: z
      .array(z.strictObject({ type: z.string().min(1).max(32), count: z.number().int().min(1).max(1000) }))
      .max(20),
  }),
  listStations: z.strictObject({ operatorId: ledgerId.optional(), ...page }),
  getStation: z.strictObject({ stationId: ledgerId }),
  recommendStations: z.strictObject({
    evId: ledgerId,
    latE6: z.number().int(),
    lonE6: z.number().int(),
    radiusM: z.number().int().min(1).max(100_000),
  }),
  openAccount: z.strictObject({ evId: ledgerId, operatorId: ledgerId }),
  listAccounts: z.strictObject({ ...page }),
  getAccount: z.strictObject({ evId: ledgerId }),
  freezeAccount: z.strictObject({ evId: ledgerId, frozen: z.boolean() }),
  deposit: z.strictObject({ evId: ledgerId, amountMinor, reference }),
  refund: z.strictObject({ evId: ledgerId, amountMinor, reference }),
  payOut: z.strictObject({ stationId: ledgerId, amountMinor, reference }),
  issueCreditNote: z.strictObject({ billId: ledgerId, reference, reason: z.string().min(1).max(200) }),
  rate: z.strictObject({ billId: ledgerId, rating: z.number().int().min(1).max(5) }),
  listBills: z.strictObject({
    evId: ledgerId.optional(),
    stationId: ledgerId.optional(),
    operatorId: ledgerId.optional(),
    ...period,
    ...page,
  }),
  getBill: z.strictObject({ billId: ledgerId }),
  verifyBill: z.strictObject({ billId: ledgerId }),
  listSettlements: z.strictObject({
    status: z.enum(['pending', 'prepared', 'submitted', 'final', 'invalid', 'quarantined', 'dropped']).optional(),
    operatorId: ledgerId.optional(),
    ...page,
  }),
  settlementTrail: z.strictObject({ settlementId: ledgerId }),
  retrySettlement: z.strictObject({ settlementId: ledgerId }),
  decideSettlement: z.strictObject({
    settlementId: ledgerId,
    decision: z.enum(['release', 'correct', 'drop']),
    /** Only with `correct`: the register value to bill. */
    meterStopWh: z
      .string()
      .regex(/^[0-9]{1,16}$/)
      .optional(),
    reason: z.string().min(3).max(500),
  }),
  createReconciliation: z.strictObject({
    operatorId: ledgerId.optional(),
    from: instant,
    to: instant,
    asOfBlock: z.number().int().min(0).optional(),
  }),
  getReconciliation: z.strictObject({ reconciliationId: z.uuid() }),
  listBreaks: z.strictObject({
    reconciliationId: z.uuid(),
    type: z.string().max(40).optional(),
    state: z.string().max(40).optional(),
    ...page,
  }),
  updateBreak: z.strictObject({
    breakId: z.uuid(),
    state: z.enum(['explained', 'corrected', 'accepted']),
    comment: z.string().min(3).max(500),
  }),
  ledgerStatus: z.strictObject({}),
  getBlock: z.strictObject({ number: z.coerce.number().int().min(0) }),
  getLedgerTransaction: z.strictObject({ txId: z.string().regex(/^[0-9a-f]{64}$/) }),
  supply: z.strictObject({}),
} as const;

export type OperationName = keyof typeof OPERATION_INPUTS;
export type OperationInput<N extends OperationName> = z.output<(typeof OPERATION_INPUTS)[N]>;

/** product.md: money on the wire. `minor` is the exact value, `amount` is for people. */
export interface MoneyView {
  readonly currency: string;
  readonly amount: string;
  readonly minor: string;
}
export interface PageView<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
  readonly total?: number;
}
export interface BillLineView {
  readonly priceId: string;
  readonly from: string;
  readonly to: string;
  readonly energyWh: number;
  readonly electricityPriceE4: number;
  readonly servicePriceE4: number;
  readonly electricityFee: MoneyView;
  readonly serviceFee: MoneyView;
}
export interface BillView {
  readonly id: string;
  readonly kind: 'bill' | 'creditNote';
  readonly evId: string;
  readonly userOperatorId: string;
  readonly stationId: string;
  readonly operatorId: string;
  readonly chargePointId: string | null;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly meterStartWh: number;
  readonly meterStopWh: number;
  readonly energyWh: number;
  readonly lines: readonly BillLineView[];
  readonly total: MoneyView;
  readonly roundingRule: string;
  readonly txId: string;
  readonly blockNumber: number;
  readonly finalAt: string;
  readonly replaces: string | null;
  readonly creditedBy: string | null;
  readonly rating: number | null;
  readonly ledger: 'embedded' | 'fabric';
}
export interface AccountView {
  readonly evId: string;
  readonly operatorId: string;
  readonly balance: MoneyView;
  readonly creditSum: number;
  readonly creditCount: number;
  readonly arrears: number;
  readonly status: 'active' | 'blocked' | 'frozen';
}
export interface StationView {
  readonly stationId: string;
  readonly operatorId: string;
  readonly name: string;
  readonly peerNode: string;
  readonly tariffId: string;
  readonly latitudeE6: number;
  readonly longitudeE6: number;
  readonly piles: readonly { readonly type: string; readonly count: number }[];
  readonly evaluationE6: number;
  readonly ratingCount: number;
  /** Null for everybody but the station's operator and supervision. */
  readonly balance: MoneyView | null;
  readonly currentPrice: {
    readonly priceId: string;
    readonly electricityPriceE4: number;
    readonly servicePriceE4: number;
  } | null;
  readonly distanceM?: number;
}
/** finance.md section 2: closed set. */
export const BREAK_TYPES = [
  'MISSING_SESSION',
  'MISSING_JOB',
  'MISSING_BILL',
  'AMOUNT_DIFF',
  'ENERGY_DIFF',
  'TARIFF_VERSION_DIFF',
  'TIME_DIFF',
  'DUPLICATE_BILL',
  'INVALIDATED_TX',
  'LATE',
  'SUSPECT_METER',
  'HASH_MISMATCH',
  'PARTY_DIFF',
] as const;
export type BreakType = (typeof BREAK_TYPES)[number];
export interface ReconciliationTotals {
  readonly count: number;
  readonly energyWh: number;
  readonly amount: MoneyView;
}
export interface ReconciliationView {
  readonly id: string;
  readonly state: 'running' | 'done';
  readonly operatorId: string | null;
  readonly from: string;
  readonly to: string;
  readonly asOfBlock: number;
  readonly evidence: ReconciliationTotals;
  readonly jobs: ReconciliationTotals;
  readonly bills: ReconciliationTotals;
  readonly matched: number;
  readonly inFlight: number;
  readonly quarantined: number;
  readonly breaks: number;
  readonly breaksByType: Readonly<Record<string, number>>;
  readonly ledger: 'embedded' | 'fabric';
}
export interface BreakView {
  readonly id: string;
  readonly type: BreakType;
  readonly state: 'open' | 'explained' | 'corrected' | 'accepted';
  readonly settlementId: string;
  readonly evidence: unknown;
  readonly job: unknown;
  readonly bill: unknown;
  readonly comments: readonly { readonly at: string; readonly by: string; readonly text: string }[];
}
export interface LedgerStatusView {
  readonly mode: 'embedded' | 'fabric';
  readonly notice: string | null;
  readonly height: number;
  readonly lastBlockAt: string | null;
  readonly projectedBlock: number;
  readonly supply: {
    readonly evBalances: MoneyView;
    readonly stationBalances: MoneyView;
    readonly deposits: MoneyView;
    readonly payOuts: MoneyView;
    readonly refunds: MoneyView;
    readonly conserved: boolean;
  };
  readonly settlements: Readonly<Record<string, number>>;
}
