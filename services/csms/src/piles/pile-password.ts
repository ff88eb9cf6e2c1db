import { createHmac, randomBytes } from 'node:crypto';

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
    const password = this.random(PASSWORD_BYTES).toString('hex');
    const salt = this.random(SALT_BYTES);
    return { password, salt, digest: pilePasswordDigest(this.pepper, salt, password) };
  }
}

/** HMAC-SHA-256 with the pepper over salt and the password's hex text. */
export function pilePasswordDigest(pepper: Buffer, salt: Buffer, password: string): Buffer {
  return createHmac('sha256', pepper).update(salt).update(password, 'utf8').digest();
}
