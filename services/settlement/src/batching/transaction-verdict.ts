import type { ItemVerdict } from '@tallywatt/contracts';

/** How a transaction ended: in a block, or refused before it could get there. */
export interface TransactionVerdict {
  readonly txId: string;
  readonly valid: boolean;
  /** Validation code of the block, or the code of the refusal. */
  readonly code: string;
  /** null when refused at submit. */
  readonly blockNumber: bigint | null;
  /** Verdict per item; empty for transactions that have no items. */
  readonly items: readonly ItemVerdict[];
}
