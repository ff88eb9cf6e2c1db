import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ChargePointCredential } from '../piles/charge-point.js';
import {
  PASSWORD_BYTES_MAX,
  PASSWORD_BYTES_MIN,
  PASSWORD_HEX_LENGTH,
  SCRYPT_CONCURRENT_MAX,
  SCRYPT_WAITING_MAX,
  VERIFIED_CACHE_MAX,
} from './limits.js';

export interface BasicCredentials {
  readonly user: string;
  /** Bytes after the first colon: a key may hold any byte, colons too. */
  readonly password: Buffer;
}

/** `Authorization: Basic …` of an upgrade request; undefined when it is absent or unreadable. */
export function parseBasic(header: string | undefined): BasicCredentials | undefined {
  const encoded = header === undefined ? null : /^basic +([A-Za-z0-9+/]{1,400}={0,2})$/i.exec(header.trim());
  if (encoded?.[1] === undefined) return undefined;
  const bytes = Buffer.from(encoded[1], 'base64');
  const colon = bytes.indexOf(':');
  if (colon === -1) return undefined;
  return { user: bytes.subarray(0, colon).toString('latin1'), password: bytes.subarray(colon + 1) };
}

/** The key's bytes: 40 hexadecimal characters are their 20 bytes; undefined when the length is none of the standard's. */
export function canonicalKey(password: Buffer): Buffer | undefined {
  if (password.length === PASSWORD_HEX_LENGTH) {
    const text = password.toString('latin1');
    return /^[0-9a-fA-F]+$/.test(text) ? Buffer.from(text, 'hex') : undefined;
  }
  return password.length >= PASSWORD_BYTES_MIN && password.length <= PASSWORD_BYTES_MAX ? password : undefined;
}

/** Digest of a key that we issued (≥ 128 random bits): HMAC-SHA-256 under the pepper; 2.5 µs instead of scrypt's 36 ms. */
export function issuedKeyDigest(pepper: Buffer, salt: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', pepper).update(salt).update(key).digest();
}

/** Digest of a key that a vendor or person chose. Runs in the thread pool, never on the event loop. */
export function chosenKeyDigest(salt: Buffer, key: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(key, salt, SCRYPT_DIGEST_BYTES, { N: SCRYPT_COST }, (error, digest) =>
      error === null ? resolve(digest) : reject(error),
    );
  });
}
const SCRYPT_COST = 16_384;
const SCRYPT_DIGEST_BYTES = 32;

/** Too many scrypt checks wait: the caller answers 503. */
export class CredentialsOverloadedError extends Error {}

/** Checks passwords in constant time; remembers verified chosen keys by a HMAC under a key of this process. */
export class CredentialChecker {
  private readonly cacheKey = randomBytes(32);
  private readonly verified = new Map<string, Buffer>();
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly pepper: Buffer,
    private readonly cachedMax = VERIFIED_CACHE_MAX,
  ) {}

  async verify(credential: ChargePointCredential | undefined, password: Buffer): Promise<boolean> {
    const key = canonicalKey(password);
    // An unknown pile and an impossible key cost the same HMAC as a wrong one.
    if (credential === undefined || key === undefined) {
      issuedKeyDigest(this.pepper, this.cacheKey, password.subarray(0, PASSWORD_HEX_LENGTH));
      return false;
    }
    if (credential.scheme === 'hmac')
      return equal(issuedKeyDigest(this.pepper, credential.salt, key), credential.digest);
    return this.verifyChosen(credential, key);
  }

  private async verifyChosen(credential: ChargePointCredential, key: Buffer): Promise<boolean> {
    // The stored digest is part of the cached value: a changed password never matches an old entry.
    const fingerprint = createHmac('sha256', this.cacheKey).update(credential.digest).update(key).digest();
    const cached = this.verified.get(credential.chargePointId);
    if (cached !== undefined && equal(cached, fingerprint)) return true;
    const digest = await this.inTurn(() => chosenKeyDigest(credential.salt, key));
    if (!equal(digest, credential.digest)) return false;
    this.remember(credential.chargePointId, fingerprint);
    return true;
  }

  private remember(chargePointId: string, fingerprint: Buffer): void {
    this.verified.delete(chargePointId);
    const oldest = this.verified.size >= this.cachedMax ? this.verified.keys().next() : undefined;
    if (oldest?.done === false) this.verified.delete(oldest.value);
    this.verified.set(chargePointId, fingerprint);
  }

  /** Verified keys that are remembered. */
  get cached(): number {
    return this.verified.size;
  }

  private async inTurn(work: () => Promise<Buffer>): Promise<Buffer> {
    if (this.running >= SCRYPT_CONCURRENT_MAX) {
      if (this.waiting.length >= SCRYPT_WAITING_MAX) throw new CredentialsOverloadedError();
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.running++;
    }
    try {
      return await work();
    } finally {
      // The one that waits takes over the place, so that nobody overtakes it.
      const next = this.waiting.shift();
      if (next === undefined) this.running--;
      else next();
    }
  }
}

function equal(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}
