/** A movement that a block confirmed: what was asked for under a reference, first. */
export interface MovementRow {
  readonly kind: 'deposit' | 'payOut' | 'refund' | 'creditNote';
  readonly operatorId: string;
  readonly reference: string;
  /** evId or stationId; null for a credit note. */
  readonly account: string | null;
  readonly amountMinor: bigint | null;
  /** Credit note only. */
  readonly billId: string | null;
  /** Credit note only: SHA-256 (base64url) of the reason. */
  readonly reasonHash: string | null;
  readonly txId: string;
  readonly blockNumber: number;
  readonly at: Date;
}

export abstract class MovementQueries {
  abstract movement(kind: MovementRow['kind'], operatorId: string, reference: string): Promise<MovementRow | undefined>;
}
