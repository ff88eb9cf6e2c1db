import { ROLES, type Principal } from '@tallywatt/contracts';
import { z } from 'zod';
import { ApiUserStore } from './api-user.store.js';
import { newToken, tokenDigest } from './token.js';

/** One wish of the command `issue-tokens`. */
export const tokenRequest = z
  .strictObject({
    role: z.enum(ROLES),
    organisation: z.string().min(1).max(64),
    name: z.string().min(1).max(100),
    evId: z.string().min(1).max(64).optional(),
  })
  .refine(
    (wish) => (wish.role === 'driver') === (wish.evId !== undefined),
    'evId belongs to drivers, and only to them',
  );
export type TokenRequest = z.output<typeof tokenRequest>;

/** The wish, with `token` when it was made just now: an existing token cannot be shown again. */
export type IssuedToken = TokenRequest & { readonly token?: string };

export interface TokenIssuerOptions {
  /** Replace the tokens of users that exist already. */
  readonly rotate: boolean;
  readonly newUserId: () => string;
}

/** Creates the users that are missing by role, organisation and name. The answer is the only place where tokens are in clear. */
export async function issueTokens(
  store: ApiUserStore,
  wishes: readonly TokenRequest[],
  options: TokenIssuerOptions,
): Promise<IssuedToken[]> {
  const issued: IssuedToken[] = [];
  for (const wish of wishes) issued.push(await issueToken(store, wish, options));
  return issued;
}

async function issueToken(store: ApiUserStore, wish: TokenRequest, options: TokenIssuerOptions): Promise<IssuedToken> {
  const { role, organisation, name, evId } = wish;
  const principal: Principal = { role, organisation, name, ...(evId === undefined ? {} : { evId }) };
  const existing = await store.findByName(principal);
  if (existing !== undefined && !options.rotate) return wish;
  const token = newToken();
  if (existing === undefined)
    await store.insert({ userId: options.newUserId(), principal, tokenDigest: tokenDigest(token) });
  else await store.rotate(existing.userId, tokenDigest(token));
  return { ...wish, token };
}
