import { createHash, randomBytes } from 'node:crypto';

/** reliability.md section 8: 256 random bits. */
const TOKEN_BYTES = 32;
/** base64url of 32 bytes. */
const BEARER_PATTERN = /^Bearer ([A-Za-z0-9_-]{43})$/;

/** A new opaque token; only its digest is stored. */
export function newToken(random: (bytes: number) => Buffer = randomBytes): string {
  return random(TOKEN_BYTES).toString('base64url');
}

/** SHA-256 is enough here: the token has 256 random bits, so there is nothing to guess. Look-up is by digest. */
export function tokenDigest(token: string): Buffer {
  return createHash('sha256').update(token, 'ascii').digest();
}

/** The token of an `Authorization` header, or undefined for anything but a well-formed bearer token. */
export function bearerToken(header: string | undefined): string | undefined {
  return header === undefined ? undefined : BEARER_PATTERN.exec(header)?.[1];
}
