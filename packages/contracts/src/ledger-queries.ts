/** Questions to the contract and its answers (ledger.md "queries"). Money, energy and prices are decimal strings. */
export interface GetAccountArgs {
  readonly evId: string;
}
export interface GetStationArgs {
  readonly stationId: string;
}
export interface GetBillArgs {
  readonly billId: string;
}
/** Pages are newest first; `bookmark` comes from the page before, empty for the first. */
export interface LedgerPageArgs {
  readonly pageSize: number;
  readonly bookmark: string;
}
export interface BillsByAccountArgs extends LedgerPageArgs {
  readonly evId: string;
}
export interface BillsByStationArgs extends LedgerPageArgs {
  readonly stationId: string;
}
export interface BillsByOperatorArgs extends LedgerPageArgs {
  readonly operatorId: string;
}
export interface LedgerQueries {
  readonly GetAccount: GetAccountArgs;
  readonly GetStation: GetStationArgs;
  readonly GetBill: GetBillArgs;
  readonly BillsByAccount: BillsByAccountArgs;
  readonly BillsByStation: BillsByStationArgs;
  readonly BillsByOperator: BillsByOperatorArgs;
  readonly GetParameters: Readonly<Record<string, never>>;
  readonly Supply: Readonly<Record<string, never>>;
}
export type LedgerQuery = keyof LedgerQueries;
export const LEDGER_QUERIES = [
  'GetAccount',
  'GetStation',
  'GetBill',
  'BillsByAccount',
  'BillsByStation',
  'BillsByOperator',
  'GetParameters',
  'Supply',
] as const satisfies readonly LedgerQuery[];

export interface AccountAnswer {
  readonly evId: string;
  readonly operatorId: string;
  readonly balanceMinor: string;
  readonly creditSum: number;
  readonly creditCount: number;
  readonly arrears: number;
  readonly frozen: boolean;
  /** R_v below R_min. */
  readonly blocked: boolean;
}
export interface StationAnswer {
  readonly stationId: string;
  readonly operatorId: string;
  readonly name: string;
  readonly peerNode: string;
  readonly tariffId: string;
  readonly latE6: number;
  readonly lonE6: number;
  readonly piles: readonly { readonly type: string; readonly count: number }[];
  readonly evaluationE6: number;
  readonly ratingCount: number;
  /** Null for everybody but the station's operator and supervision. */
  readonly balance: {
    readonly foldedMinor: string;
    /** Not folded yet: first delta keys, as FoldAccount takes them. */
    readonly deltaKeys: readonly string[];
    readonly balanceMinor: string;
  } | null;
}
export interface BillLineAnswer {
  readonly priceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly energyWh: string;
  readonly electricityPriceE4: string;
  readonly servicePriceE4: string;
  readonly electricityFeeMinor: string;
  readonly serviceFeeMinor: string;
}
export interface BillAnswer {
  readonly settlementId: string;
  readonly kind: 'bill' | 'creditNote' | 'replacement';
  readonly evId: string;
  readonly userOperatorId: string;
  readonly stationId: string;
  readonly operatorId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly meterStartWh: string;
  readonly meterStopWh: string;
  readonly lines: readonly BillLineAnswer[];
  readonly totalMinor: string;
  /** Bill that a credit note or a replacement refers to; its own id for a bill. */
  readonly refersTo: string;
  readonly sessionId: string;
  /** Of the settled item (base64url SHA-256), which covers the charger evidence. */
  readonly contentHash: string;
  readonly creditedBy: string | null;
  readonly replacedBy: string | null;
  readonly rating: number | null;
}
export interface BillPageAnswer {
  readonly bills: readonly BillAnswer[];
  /** Empty when there is no further page. */
  readonly bookmark: string;
}
export interface ParametersAnswer {
  readonly version: number;
  readonly alphaE6: string;
  readonly betaE6: string;
  readonly sigmaE6: string;
  readonly maxLevel: number;
  readonly maxRating: number;
  readonly thresholdMinor: string;
  readonly minCreditE6: string;
  readonly currency: string;
  readonly currencyDecimals: number;
  readonly endorsementRangeBlocks: number;
  readonly endorsementQuorum: number;
}
/** Conservation sums over the whole state: an audit, not for every block. */
export interface SupplyAnswer {
  readonly evBalancesMinor: string;
  readonly stationBalancesMinor: string;
  readonly depositsMinor: string;
  readonly payOutsMinor: string;
  readonly refundsMinor: string;
  readonly conserved: boolean;
}
