import { positional } from './positional.js';
import { STATE_TYPES } from './state-key.js';

/** `X~anchor~operator~kind~ref`: a hash that somebody wants to be held to (a period's close, a dispute's step). */
export interface AnchorRecord {
  readonly operatorId: string;
  readonly kind: string;
  readonly ref: string;
  /** Hex. */
  readonly sha256: string;
}

export const ANCHOR = 'anchor';
export const anchorRecord = positional<AnchorRecord>({
  type: STATE_TYPES.movement,
  version: 1,
  keyParts: (anchor) => [ANCHOR, anchor.operatorId, anchor.kind, anchor.ref],
  toRow: (anchor) => [anchor.sha256],
  fromRow: (key, row) => {
    key.part();
    return { operatorId: key.part(), kind: key.part(), ref: key.part(), sha256: row.text() };
  },
});
