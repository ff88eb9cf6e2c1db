import type { Principal } from '@tallywatt/contracts';

/** A token's owner as the guard sees it. */
export interface ApiUser {
  readonly userId: string;
  readonly principal: Principal;
}

export interface NewApiUser {
  readonly userId: string;
  readonly principal: Principal;
  readonly tokenDigest: Buffer;
}

/** Users of the API; tokens are kept as SHA-256 digests only. */
export abstract class ApiUserStore {
  /** The user of a token that is neither revoked nor expired. */
  abstract findByTokenDigest(digest: Buffer): Promise<ApiUser | undefined>;
  /** The unrevoked user with this name, organisation and role. */
  abstract findByName(principal: Principal): Promise<ApiUser | undefined>;
  abstract insert(user: NewApiUser): Promise<void>;
  /** Replaces the token; the old one is void at once. */
  abstract rotate(userId: string, tokenDigest: Buffer): Promise<void>;
  abstract revoke(userId: string): Promise<void>;
}
