import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `I~settlementId`: what was settled under this id, and where its bill is. The key of exactly once. */
export interface SettlementRecord {
  readonly settlementId: string;
  /** SHA-256 of the item's content, base64url without padding (43 characters: shorter than hex). */
  readonly contentHash: string;
  readonly evId: string;
  /** End of the session, epoch milliseconds: with evId and settlementId the key of the bill. */
  readonly endMs: number;
}

export const settlementRecord = positional<SettlementRecord>({
  type: STATE_TYPES.settlement,
  version: 1,
  keyParts: (settlement) => [settlement.settlementId],
  toRow: (settlement) => [settlement.contentHash, settlement.evId, settlement.endMs],
  fromRow: (key, row) => ({
    settlementId: key.part(),
    contentHash: row.text(),
    evId: row.text(),
    endMs: row.integer(),
  }),
});
