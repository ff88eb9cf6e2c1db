/** Queue that wakes the settlement worker. The row is the truth; a job carries the id alone. */
export const SETTLEMENT_QUEUE = 'settlement';

/** On Redis every key of the product begins so: what an ACL user may touch, and what a shared Redis keeps apart. */
export const QUEUE_KEY_PREFIX = 'tallywatt';

/** Name of every job on {@link SETTLEMENT_QUEUE}. */
export const SETTLE_JOB = 'settle';

/** Payload of a job: nothing but the key of the facts. */
export interface SettlementJob {
  readonly settlementId: string;
}

/**
 * Job id of a settlement. It de-duplicates only while the job exists: a second net behind the database state.
 * BullMQ forbids `:` in ids.
 */
export function settlementJobId(settlementId: string): string {
  return `s-${settlementId}`;
}
