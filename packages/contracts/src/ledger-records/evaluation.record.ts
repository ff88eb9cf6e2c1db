import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `V~sessionId`: the one rating of a session, keyed by its first bill. */
export interface RatingRecord {
  readonly settlementId: string;
  /** The bill that was rated: the first one, or its replacement. */
  readonly billId: string;
  readonly rating: number;
}

export const ratingRecord = positional<RatingRecord>({
  type: STATE_TYPES.rating,
  version: 1,
  keyParts: (rating) => [rating.settlementId],
  toRow: (rating) => (rating.billId === rating.settlementId ? [rating.rating] : [rating.rating, rating.billId]),
  fromRow: (key, row) => {
    const settlementId = key.part();
    const rating = row.integer();
    return { settlementId, rating, billId: row.more() ? row.text() : settlementId };
  },
});

/** `E~stationId`: evaluation in 1e-6 of a level, and how many ratings were counted. */
export interface EvaluationRecord {
  readonly stationId: string;
  readonly evaluationE6: number;
  readonly ratingCount: number;
}

export const evaluationRecord = positional<EvaluationRecord>({
  type: STATE_TYPES.evaluation,
  version: 1,
  keyParts: (evaluation) => [evaluation.stationId],
  toRow: (evaluation) => [evaluation.evaluationE6, evaluation.ratingCount],
  fromRow: (key, row) => ({ stationId: key.part(), evaluationE6: row.integer(), ratingCount: row.integer() }),
});
