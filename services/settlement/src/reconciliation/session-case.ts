import type { HoldReason, SettlementState } from '@tallywatt/contracts';
import type { BillRow } from '../operations/bill-queries.js';
import type { StationTariff } from '../pricing/tariff-book.js';

/** Who and where: equal in A, B and C, or somebody pays for somebody else. */
export interface Parties {
  readonly evId: string;
  readonly userOperatorId: string;
  readonly stationId: string;
  readonly operatorId: string;
}

/** Times for tariffs and the two registers, Wh. */
export interface Measured {
  readonly startMs: number;
  readonly endMs: number;
  readonly meterStartWh: bigint;
  readonly meterStopWh: bigint | null;
}

/** A: what the charger said, as csms publishes it; a person's correction of the register is already in it. */
export interface Evidence extends Parties, Measured {
  readonly revision: number;
  readonly readings: readonly { readonly atMs: number; readonly registerWh: bigint }[];
  /** Hex. */
  readonly evidenceSha256: string;
  readonly holdReason: HoldReason | null;
  /** When the facts were written: from here on the agreed time runs. */
  readonly createdAtMs: number;
}

export interface JobLine {
  readonly priceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly energyWh: string;
}

/** B: the settlement row, as it was at the time of the match. */
export interface Job extends Parties, Measured {
  readonly settlementId: string;
  readonly factsRevision: number;
  readonly evidenceSha256: string;
  readonly state: SettlementState;
  readonly code: string | null;
  readonly lines: readonly JobLine[] | null;
  readonly totalMinor: bigint | null;
  readonly txId: string | null;
  /** Since when it could have been settled: claimed, or released by a person. */
  readonly readyAtMs: number;
  /** Whether it was held, so that the agreed time runs from its release. */
  readonly wasHeld: boolean;
}

/** C: one entry of the ledger about the session. */
export type Bill = Pick<
  BillRow,
  | 'billId'
  | 'kind'
  | 'lines'
  | 'totalMinor'
  | 'contentHash'
  | 'refersTo'
  | 'sessionId'
  | 'creditedBy'
  | 'txId'
  | 'blockNumber'
  | 'finalAtMs'
> &
  Parties &
  Measured & { readonly meterStopWh: bigint };

/** Everything that A, B and C say about one session. */
export interface SessionCase {
  /** Id of the session, of its settlement and of its first bill. */
  readonly sessionId: string;
  readonly evidence: Evidence | undefined;
  readonly jobs: readonly Job[];
  /** In ledger order; credit notes and replacements among them. */
  readonly bills: readonly Bill[];
  /** Uncredited bills under other ids for the same charging (user, station, start, register), earlier on the ledger. */
  readonly twins: readonly Bill[];
  /** How the session's bill has to be priced. */
  readonly tariff: StationTariff | undefined;
}
