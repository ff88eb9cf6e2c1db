import type { SettlementState } from '@tallywatt/contracts';
import type { PageRequest, Rows } from './paging.js';
import type { Visibility } from './visibility.js';

export interface SettlementRow {
  readonly settlementId: string;
  readonly claimOrder: string;
  readonly operatorId: string;
  readonly userOperatorId: string;
  readonly stationId: string;
  readonly chargePointId: string;
  readonly evId: string;
  readonly state: SettlementState;
  readonly code: string | null;
  readonly attempt: number;
  readonly totalMinor: string | null;
  readonly txId: string | null;
  readonly blockNumber: string | null;
  readonly nextAttemptAt: Date | null;
  readonly updatedAt: Date;
}

export interface StepRow {
  readonly state: SettlementState;
  readonly code: string | null;
  readonly txId: string | null;
  readonly blockNumber: string | null;
  readonly totalMinor: string | null;
  readonly at: Date;
}

export interface DecisionRow {
  readonly decision: 'release' | 'correct' | 'drop' | 'retry';
  readonly meterStopWh: string | null;
  readonly reason: string;
  readonly decidedBy: string;
  readonly organisation: string;
  readonly decidedAt: Date;
}

export interface SettlementFilter {
  readonly status?: SettlementState | undefined;
  /** The station's operator. */
  readonly operatorId?: string | undefined;
}

/** Settlements for their parties. */
export abstract class SettlementQueries {
  abstract settlement(settlementId: string, visibility: Visibility): Promise<SettlementRow | undefined>;
  /** Newest claim first. */
  abstract settlements(
    filter: SettlementFilter,
    visibility: Visibility,
    page: PageRequest,
  ): Promise<Rows<SettlementRow>>;
  /** Oldest first. */
  abstract steps(settlementId: string): Promise<StepRow[]>;
  abstract decisions(settlementId: string): Promise<DecisionRow[]>;
  /** How many there are in each state. */
  abstract countByState(visibility: Visibility): Promise<Readonly<Record<string, number>>>;
}
