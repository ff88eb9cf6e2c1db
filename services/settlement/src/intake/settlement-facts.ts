import type { HoldReason } from '@tallywatt/contracts';

/** The immutable facts of one closed session that a bill needs, as csms publishes them (newest revision). */
export interface SettlementFacts {
  readonly settlementId: string;
  readonly revision: number;
  readonly changeSeq: bigint;
  readonly operatorId: string;
  readonly stationId: string;
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly transactionId: number;
  readonly evId: string;
  readonly userOperatorId: string;
  readonly meterStartWh: bigint;
  /** null when the energy is unknown. */
  readonly meterStopWh: bigint | null;
  /** In time order. */
  readonly readings: readonly { readonly atMs: number; readonly registerWh: bigint }[];
  readonly startMs: number;
  readonly endMs: number;
  /** Hex. */
  readonly evidenceSha256: string;
  readonly holdReason: HoldReason | null;
  /** A held inferred close is billed at this time unless its real Stop came. */
  readonly holdUntilMs: number | null;
}

/** Where facts come from: a view of csms, read only. */
export abstract class FactSource {
  /** Facts after a change sequence, oldest first. Rows become visible in the order of their sequence. */
  abstract since(changeSeq: bigint, limit: number): Promise<SettlementFacts[]>;
  abstract byIds(settlementIds: readonly string[]): Promise<SettlementFacts[]>;
}
