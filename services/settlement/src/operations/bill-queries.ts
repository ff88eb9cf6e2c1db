import type { BillKind } from '@tallywatt/contracts';
import type { PageRequest, Rows } from './paging.js';
import type { Visibility } from './visibility.js';

export interface BillRowLine {
  readonly priceId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly energyWh: string;
  readonly electricityPriceE4: string;
  readonly servicePriceE4: string;
  readonly electricityFeeMinor: string;
  readonly serviceFeeMinor: string;
}

/** A bill, credit note or replacement, as the projection has it. */
export interface BillRow {
  readonly billId: string;
  readonly kind: BillKind;
  readonly evId: string;
  readonly userOperatorId: string;
  readonly stationId: string;
  readonly operatorId: string;
  /** null when no settlement row knows the session. */
  readonly chargePointId: string | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly meterStartWh: bigint;
  readonly meterStopWh: bigint;
  readonly lines: readonly BillRowLine[];
  readonly totalMinor: bigint;
  /** base64url SHA-256 of the settled content; of the reason for a credit note. */
  readonly contentHash: string | null;
  readonly refersTo: string;
  readonly sessionId: string;
  readonly creditedBy: string | null;
  readonly replacedBy: string | null;
  readonly rating: number | null;
  readonly txId: string;
  readonly blockNumber: number;
  readonly finalAtMs: number;
}

export interface BillFilter {
  readonly evId?: string | undefined;
  readonly stationId?: string | undefined;
  /** The station's operator. */
  readonly operatorId?: string | undefined;
  /** By end of the session, half-open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Bills for their parties: the user, the user's operator, the station's operator, supervision. */
export abstract class BillQueries {
  /** undefined also when the principal is no party of it. */
  abstract bill(billId: string, visibility: Visibility): Promise<BillRow | undefined>;
  /** Newest end first. */
  abstract bills(filter: BillFilter, visibility: Visibility, page: PageRequest): Promise<Rows<BillRow>>;
}
