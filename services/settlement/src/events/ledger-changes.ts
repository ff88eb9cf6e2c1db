import type {
  AccountRecord,
  AnchorRecord,
  BillMarkRecord,
  BillRecord,
  CreditNoteRecord,
  EvaluationRecord,
  ItemVerdict,
  LedgerFunction,
  LedgerUpdatesRecord,
  MovementRecord,
  NodeEndorsementsRecord,
  OperatorRecord,
  ParametersRecord,
  PriceRecord,
  RatingRecord,
  StationCreditRecord,
  StationRecord,
  TariffRecord,
} from '@tallywatt/contracts';

/** Where in the chain something was written. */
export interface Place {
  readonly txId: string;
  readonly blockNumber: bigint;
  /** Position of the transaction in its block. */
  readonly txPosition: number;
  /** When the block was committed. */
  readonly atMs: number;
}

export interface At<T> {
  readonly record: T;
  readonly place: Place;
}

/** How one transaction of the blocks ended. */
export interface TransactionEnd {
  readonly txId: string;
  readonly fn: LedgerFunction;
  readonly code: string;
  readonly valid: boolean;
  readonly blockNumber: bigint;
  /** Only of valid transactions. */
  readonly items: readonly ItemVerdict[];
}

/**
 * What a run of blocks changed, decoded: for records that are overwritten the last value by key, for those that only
 * come once all of them in ledger order.
 */
export interface LedgerChanges {
  readonly firstBlock: bigint;
  readonly lastBlock: bigint;
  readonly lastHash: string;
  readonly committedAtMs: number;
  readonly transactions: readonly TransactionEnd[];
  readonly accounts: ReadonlyMap<string, At<AccountRecord>>;
  readonly stations: ReadonlyMap<string, At<StationRecord>>;
  readonly operators: ReadonlyMap<string, At<OperatorRecord>>;
  readonly tariffs: ReadonlyMap<string, At<TariffRecord>>;
  readonly prices: ReadonlyMap<string, At<PriceRecord>>;
  readonly parameters: ReadonlyMap<number, At<ParametersRecord>>;
  readonly evaluations: ReadonlyMap<string, At<EvaluationRecord>>;
  readonly nodes: ReadonlyMap<string, At<NodeEndorsementsRecord>>;
  readonly ledgerUpdates: At<LedgerUpdatesRecord> | undefined;
  readonly bills: readonly At<BillRecord>[];
  /** Content hash (base64url) by settlement id. */
  readonly contentHashes: ReadonlyMap<string, string>;
  readonly billMarks: readonly At<BillMarkRecord>[];
  readonly ratings: readonly At<RatingRecord>[];
  readonly stationCredits: readonly At<StationCreditRecord>[];
  /** Station credits that were folded away. */
  readonly foldedCredits: readonly { readonly stationId: string; readonly txId: string }[];
  /** Folded balance by station. */
  readonly foldedBalances: ReadonlyMap<string, bigint>;
  readonly movements: readonly At<MovementRecord>[];
  readonly creditNotes: readonly At<CreditNoteRecord>[];
  readonly anchors: readonly At<AnchorRecord>[];
}
