import { positional, RecordError } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** Movements of money that an external reference names. */
export const MOVEMENT_KINDS = ['deposit', 'payOut', 'refund'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/**
 * `X~kind~operator~reference`: a deposit, pay-out or refund. References are the operator's own,
 * so that one operator's choice never blocks another's.
 */
export interface MovementRecord {
  readonly kind: MovementKind;
  readonly operatorId: string;
  readonly reference: string;
  /** evId of a deposit or refund, stationId of a pay-out. */
  readonly account: string;
  /** Always positive; the kind says the direction. */
  readonly amountMinor: bigint;
}

export const movementRecord = positional<MovementRecord>({
  type: STATE_TYPES.movement,
  version: 1,
  keyParts: (movement) => [movement.kind, movement.operatorId, movement.reference],
  toRow: (movement) => [movement.account, movement.amountMinor.toString()],
  fromRow: (key, row) => ({
    kind: movementKind(key.part()),
    operatorId: key.part(),
    reference: key.part(),
    account: row.text(),
    amountMinor: row.amount(),
  }),
});

function movementKind(part: string): MovementKind {
  const kind = MOVEMENT_KINDS.find((known) => known === part);
  if (kind === undefined) throw new RecordError(`X: ${part} is no movement of money`);
  return kind;
}
