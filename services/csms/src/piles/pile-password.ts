import { randomBytes } from 'node:crypto';
import { issuedKeyDigest } from '../connection/credentials.js';

/** OCPP 1.6 security: a key of 16 to 20 bytes, its hex form has 40 characters. Twenty bytes are 160 random bits. */
const PASSWORD_BYTES = 20;
const SALT_BYTES = 16;

export interface IssuedPassword {
  /** Forty lowercase hex characters: shown once, stored nowhere. */
  readonly password: string;
  readonly digest: Buffer;
  readonly salt: Buffer;
}

/** Issues a pile's password. Its digest is an HMAC: quick to check on the event loop, useless without the pepper. */
export class PilePasswordIssuer {
  constructor(
    private readonly pepper: Buffer,
    private readonly random: (bytes: number) => Buffer = randomBytes,
  ) {}

  issue(): IssuedPassword {
    const key = this.random(PASSWORD_BYTES);
    const salt = this.random(SALT_BYTES);
    return { password: key.toString('hex'), salt, digest: issuedKeyDigest(this.pepper, salt, key) };
  }
}
