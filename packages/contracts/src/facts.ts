/**
 * What csms publishes to settlement: the view `csms.settlement_fact`, newest revision of each request.
 * A fact is never edited; a held inferred close that gets its real Stop adds a revision.
 */
export const SETTLEMENT_FACT_VIEW = 'csms.settlement_fact';

/** Readings of one session that a bill may need (product.md: at most 200). */
export const READINGS_PER_REQUEST_MAX = 200;

/** Why a closed session is not billed without a person or a later Stop. Closed set: API, reports and tests name them. */
export const HOLD_REASONS = [
  'implausible_power',
  'unknown_energy',
  'session_overlap',
  'meter_rollback',
  'meter_out_of_range',
  'readings_fall',
  'too_old',
  'inferred_stop',
  'orphan_stop',
  'end_before_start',
  'no_credible_start',
] as const;
export type HoldReason = (typeof HOLD_REASONS)[number];

/** How a session ended: by the pile's StopTransaction, or concluded by the central system. */
export type CloseKind = 'stopped' | 'inferred';

/** One row of {@link SETTLEMENT_FACT_VIEW}; PostgreSQL bigint arrives as decimal text, timestamps as Date. */
export interface SettlementFactRow {
  readonly settlement_id: string;
  readonly revision: number;
  /** csms change sequence; rows become visible in order (see `pg_snapshot_xmin` in the view). */
  readonly change_seq: string;
  readonly operator_id: string;
  readonly station_id: string;
  readonly charge_point_id: string;
  readonly connector_id: number;
  readonly transaction_id: number;
  readonly ev_id: string;
  readonly user_operator_id: string;
  readonly meter_start_wh: string;
  /** null only when `hold_reason` is `unknown_energy` or the value was not credible. */
  readonly meter_stop_wh: string | null;
  /** `[epochMs, registerWh]` pairs in time order. */
  readonly readings: readonly (readonly [number, number])[];
  /** Times used for tariffs. */
  readonly started_at: Date;
  readonly ended_at: Date;
  /** SHA-256 (hex) over the raw frames of the session. */
  readonly evidence_sha256: string;
  readonly stop_reason: string | null;
  readonly close_kind: CloseKind;
  readonly hold_reason: HoldReason | null;
  /** Set for an inferred close whose energy is known: billed at this time unless a Stop came. */
  readonly hold_until: Date | null;
  readonly created_at: Date;
}
