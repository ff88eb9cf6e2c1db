import type { PageRequest, Rows } from './paging.js';
import type { Visibility } from './visibility.js';

export interface AccountRow {
  readonly evId: string;
  readonly operatorId: string;
  readonly balanceMinor: bigint;
  readonly creditSum: number;
  readonly creditCount: number;
  readonly arrears: number;
  readonly blocked: boolean;
  readonly frozen: boolean;
}

/** Accounts, as the projection has them: for the user, the user's operator and supervision. */
export abstract class AccountQueries {
  /** undefined also when it is somebody else's. */
  abstract account(evId: string, visibility: Visibility): Promise<AccountRow | undefined>;
  /** By account id. */
  abstract accounts(visibility: Visibility, page: PageRequest): Promise<Rows<AccountRow>>;
}
