import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `G~mspId`: an admitted operator. */
export interface OperatorRecord {
  readonly operatorId: string;
  readonly name: string;
}

export const operatorRecord = positional<OperatorRecord>({
  type: STATE_TYPES.operator,
  version: 1,
  keyParts: (operator) => [operator.operatorId],
  toRow: (operator) => [operator.name],
  fromRow: (key, row) => ({ operatorId: key.part(), name: row.text() }),
});
