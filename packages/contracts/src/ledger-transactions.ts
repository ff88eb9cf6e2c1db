/**
 * Arguments of the contract's transactions, in full form (ledger.md). The codecs of the chaincode know the short form.
 * Money, energy and prices are decimal strings here because arguments travel as JSON; times are epoch milliseconds.
 */

/** Who signs: from the certificate on Fabric, from the API token on the embedded ledger. */
export interface Caller {
  readonly mspId: string;
  readonly role: CallerRole;
  /** Only for role `driver`. */
  readonly evId?: string;
}
export const CALLER_ROLES = ['settler', 'treasurer', 'operator', 'driver', 'supervisor', 'auditor'] as const;
export type CallerRole = (typeof CALLER_ROLES)[number];

export interface RegisterOperatorArgs {
  readonly operatorId: string;
  readonly name: string;
}
export interface OffsetTransitionArgs {
  readonly fromMs: number;
  readonly offsetMinutes: number;
}
export interface RegisterStationArgs {
  readonly stationId: string;
  readonly operatorId: string;
  readonly name: string;
  readonly peerNode: string;
  readonly tariffId: string;
  readonly latE6: number;
  readonly lonE6: number;
  /** UTC-offset transitions derived from the station's IANA zone at registration, first one open to the past. */
  readonly offsets: readonly OffsetTransitionArgs[];
  readonly piles: readonly { readonly type: string; readonly count: number }[];
}
export interface PriceArgs {
  readonly priceId: string;
  readonly fromMinute: number;
  readonly toMinute: number;
  readonly weekdayMask: number;
  readonly validFromMs: number;
  readonly validToMs: number | null;
  readonly electricityPriceE4: string;
  readonly servicePriceE4: string;
}
export interface PublishTariffArgs {
  readonly tariffId: string;
  readonly operatorId: string;
  readonly prices: readonly PriceArgs[];
  /** Client's time of publication; the contract compares it with the transaction timestamp (±15 min). */
  readonly publishedAtMs: number;
}
export interface OpenAccountArgs {
  readonly evId: string;
  readonly operatorId: string;
}
export interface FreezeAccountArgs {
  readonly evId: string;
  readonly frozen: boolean;
}
export interface DepositArgs {
  readonly evId: string;
  readonly amountMinor: string;
  /** External reference: the idempotency key of the movement. */
  readonly reference: string;
}
export interface PayOutArgs {
  readonly stationId: string;
  readonly amountMinor: string;
  readonly reference: string;
}
export interface RefundArgs {
  readonly evId: string;
  readonly amountMinor: string;
  readonly reference: string;
}
export interface SettleLineArgs {
  readonly priceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly energyWh: string;
}
export interface SettleItemArgs {
  readonly settlementId: string;
  readonly evId: string;
  readonly stationId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly meterStartWh: string;
  readonly meterStopWh: string;
  readonly lines: readonly SettleLineArgs[];
  /** The worker's own total; a difference to the contract's is a rejection, not a correction. */
  readonly totalMinor: string;
  /** SHA-256 (hex) of the charger evidence. */
  readonly evidenceSha256: string;
  /** Settlement id of the credited bill that this one replaces: no second credit award. */
  readonly replaces?: string;
}
/** ledger.md: at most 100 items and 200 kB per batch. */
export const SETTLE_ITEMS_MAX = 100;
export const SETTLE_BATCH_BYTES_MAX = 200_000;
export interface SettleBatchArgs {
  /** Station operator of every item; must be the caller's organisation. */
  readonly operatorId: string;
  /** Sorted by settlementId, each id once. */
  readonly items: readonly SettleItemArgs[];
}
export interface RateItemArgs {
  readonly settlementId: string;
  readonly evId: string;
  readonly rating: number;
}
export interface RateBatchArgs {
  readonly items: readonly RateItemArgs[];
}
export interface ReportEndorsementsArgs {
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Valid transactions in the range, and how many of them each peer node endorsed. */
  readonly ledgerUpdates: number;
  readonly tally: readonly { readonly peerNode: string; readonly endorsements: number }[];
}
export interface FoldAccountArgs {
  readonly stationId: string;
  readonly deltaKeys: readonly string[];
}
export interface IssueCreditNoteArgs {
  readonly settlementId: string;
  readonly evId: string;
  readonly reference: string;
  readonly reason: string;
}
export interface SetParametersArgs {
  readonly alphaE6: string;
  readonly betaE6: string;
  readonly sigmaE6: string;
  readonly maxLevel: number;
  readonly maxRating: number;
  readonly thresholdMinor: string;
  readonly minCreditE6: string;
  readonly currency: string;
  readonly currencyDecimals: number;
  /** Length of a range of ReportEndorsements, in blocks. */
  readonly endorsementRangeBlocks: number;
  /** How many operators must report the same content. */
  readonly endorsementQuorum: number;
}
export interface AnchorArgs {
  readonly kind: string;
  readonly ref: string;
  readonly sha256: string;
}

/** Contract function → its argument shape. The exposed function list is compared with a golden file. */
export interface LedgerTransactions {
  readonly RegisterOperator: RegisterOperatorArgs;
  readonly RegisterStation: RegisterStationArgs;
  readonly PublishTariff: PublishTariffArgs;
  readonly OpenAccount: OpenAccountArgs;
  readonly FreezeAccount: FreezeAccountArgs;
  readonly Deposit: DepositArgs;
  readonly PayOut: PayOutArgs;
  readonly SettleBatch: SettleBatchArgs;
  readonly RateBatch: RateBatchArgs;
  readonly ReportEndorsements: ReportEndorsementsArgs;
  readonly FoldAccount: FoldAccountArgs;
  readonly IssueCreditNote: IssueCreditNoteArgs;
  readonly Refund: RefundArgs;
  readonly SetParameters: SetParametersArgs;
  readonly Anchor: AnchorArgs;
}
export type LedgerFunction = keyof LedgerTransactions;
export const LEDGER_FUNCTIONS = [
  'RegisterOperator',
  'RegisterStation',
  'PublishTariff',
  'OpenAccount',
  'FreezeAccount',
  'Deposit',
  'PayOut',
  'SettleBatch',
  'RateBatch',
  'ReportEndorsements',
  'FoldAccount',
  'IssueCreditNote',
  'Refund',
  'SetParameters',
  'Anchor',
] as const satisfies readonly LedgerFunction[];

/** Verdict of one item of SettleBatch or RateBatch. */
export type Verdict = 'settled' | 'rated' | 'duplicate' | 'conflict' | 'rejected';
export interface ItemVerdict {
  readonly settlementId: string;
  readonly verdict: Verdict;
  /** Stable code; only with `rejected` and `conflict`. */
  readonly code?: string;
}
/** Chaincode event names; payload is the JSON of `ItemVerdict[]`: ids and verdicts only, no personal data. */
export const SETTLE_BATCH_EVENT = 'SettleBatch';
export const RATE_BATCH_EVENT = 'RateBatch';
