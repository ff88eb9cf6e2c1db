/** What settlement publishes about each settlement: view `settlement.settlement_outcome`. csms joins it and stores no copy. */
export const SETTLEMENT_OUTCOME_VIEW = 'settlement.settlement_outcome';
/** What settlement publishes about each account for authorisation: view `settlement.driver_standing`. */
export const DRIVER_STANDING_VIEW = 'settlement.driver_standing';
/** Settlement steps for the live log: view `settlement.settlement_step`. */
export const SETTLEMENT_STEP_VIEW = 'settlement.settlement_step';

/** product.md: `pending → prepared → submitted → final | invalid → a new attempt`; `quarantined` until a person decides. */
export const SETTLEMENT_STATES = [
  'pending',
  'prepared',
  'submitted',
  'final',
  'invalid',
  'quarantined',
  'dropped',
] as const;
export type SettlementState = (typeof SETTLEMENT_STATES)[number];

export interface SettlementOutcomeRow {
  readonly settlement_id: string;
  readonly state: SettlementState;
  /** Hold reason or contract code; null when nothing is wrong. */
  readonly code: string | null;
  readonly total_minor: string | null;
  readonly tx_id: string | null;
  readonly block_number: string | null;
  readonly attempt: number;
  readonly updated_at: Date;
}

export interface DriverStandingRow {
  readonly ev_id: string;
  readonly operator_id: string;
  readonly balance_minor: string;
  readonly credit_sum: number;
  readonly credit_count: number;
  readonly arrears: number;
  /** R_v below R_min. */
  readonly blocked: boolean;
  readonly frozen: boolean;
  /** Monotonic over all accounts: csms refreshes its memory by `change_seq > last seen`. */
  readonly change_seq: string;
}

/** One step of a settlement's way, as shown in the live log and in `/trail`. */
export interface SettlementStepRow {
  readonly seq: string;
  readonly settlement_id: string;
  readonly operator_id: string;
  readonly user_operator_id: string;
  readonly charge_point_id: string;
  readonly ev_id: string;
  readonly state: SettlementState;
  readonly code: string | null;
  readonly tx_id: string | null;
  readonly block_number: string | null;
  readonly total_minor: string | null;
  readonly at: Date;
}
