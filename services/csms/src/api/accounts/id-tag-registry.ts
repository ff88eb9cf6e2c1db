import type { IdTagView } from '@tallywatt/contracts';
import type { Scope } from '../auth/scope.js';

export interface NewIdTag {
  readonly idTag: string;
  readonly evId: string;
  readonly operatorId: string;
  /** RFC 3339, or null for a tag that never expires. */
  readonly expiresAt: string | null;
}

/** Which card belongs to which account: known to the user's operator alone, never on the ledger. */
export abstract class IdTagRegistry {
  /**
   * Links all tags or none and sets the account's concurrency; linking the same again changes nothing.
   * Returns the tags that belong to another account.
   */
  abstract link(account: IdTagAccount, tags: readonly NewIdTag[]): Promise<readonly string[]>;
  abstract find(scope: Scope, idTag: string): Promise<IdTagView | undefined>;
  abstract listOf(scope: Scope, evId: string): Promise<readonly IdTagView[]>;
}

export interface IdTagAccount {
  readonly evId: string;
  readonly operatorId: string;
  /** Open sessions that the account may have at once; null leaves it as it is (1 for a new account). */
  readonly maxConcurrentSessions: number | null;
}
