import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `X~creditNote~operator~reference`: which bill a credit note took back, and why. */
export interface CreditNoteRecord {
  readonly operatorId: string;
  readonly reference: string;
  readonly settlementId: string;
  /** SHA-256 of the reason, base64url: the words may name a person, and stay off the ledger. */
  readonly reasonHash: string;
}

export const CREDIT_NOTE = 'creditNote';
export const creditNoteRecord = positional<CreditNoteRecord>({
  type: STATE_TYPES.movement,
  version: 1,
  keyParts: (note) => [CREDIT_NOTE, note.operatorId, note.reference],
  toRow: (note) => [note.settlementId, note.reasonHash],
  fromRow: (key, row) => {
    key.part();
    return { operatorId: key.part(), reference: key.part(), settlementId: row.text(), reasonHash: row.text() };
  },
});

/** What can be done to a bill at most once. */
export const CREDITED = 'credited';
export const REPLACED = 'replaced';

/** `X~credited~settlementId` and `X~replaced~settlementId`: a bill is credited once, and replaced once. */
export interface BillMarkRecord {
  readonly kind: typeof CREDITED | typeof REPLACED;
  readonly settlementId: string;
  /** Bill id of the credit note, or settlement id of the replacement. */
  readonly by: string;
}

export const billMarkRecord = positional<BillMarkRecord>({
  type: STATE_TYPES.movement,
  version: 1,
  keyParts: (mark) => [mark.kind, mark.settlementId],
  toRow: (mark) => [mark.by],
  fromRow: (key, row) => ({
    kind: key.part() === CREDITED ? CREDITED : REPLACED,
    settlementId: key.part(),
    by: row.text(),
  }),
});
