import { describe, expect, it } from '@jest/globals';
import type { ChargePointCredential } from '../piles/charge-point.js';
import {
  CredentialChecker,
  CredentialsOverloadedError,
  canonicalKey,
  chosenKeyDigest,
  issuedKeyDigest,
  parseBasic,
} from './credentials.js';
import {
  PASSWORD_BYTES_MAX,
  PASSWORD_BYTES_MIN,
  PASSWORD_HEX_LENGTH,
  SCRYPT_CONCURRENT_MAX,
  SCRYPT_WAITING_MAX,
  VERIFIED_CACHE_MAX,
} from './limits.js';

const pepper = Buffer.alloc(32, 1);
const salt = Buffer.from('salt');
const key = Buffer.from('0001ff3a0d0a8000112233445566778899aabbcc', 'hex');
const base64 = (bytes: Buffer | string): string => `Basic ${Buffer.from(bytes).toString('base64')}`;

describe('parseBasic', () => {
  it('keeps every byte of the password, colons, zeros and line ends included', () => {
    const parsed = parseBasic(base64(Buffer.concat([Buffer.from('CP1:'), key])));
    expect(parsed).toEqual({ user: 'CP1', password: key });
    expect(parseBasic(base64('CP1:a:b'))?.password.toString()).toBe('a:b');
    expect(parseBasic('basic Q1AxOng=')?.user).toBe('CP1');
  });
  it.each([undefined, '', 'Basic', 'Basic ', 'Basic %%%', 'Bearer Q1AxOng=', 'Basic Q1Ax', `Basic ${'A'.repeat(500)}`])(
    'refuses %j',
    (header) => {
      expect(parseBasic(header)).toBeUndefined();
    },
  );
});

describe('canonicalKey', () => {
  it('takes 16 to 20 bytes as they are and 40 hexadecimal characters as 20 bytes', () => {
    expect(canonicalKey(Buffer.alloc(PASSWORD_BYTES_MIN))).toHaveLength(PASSWORD_BYTES_MIN);
    expect(canonicalKey(Buffer.alloc(PASSWORD_BYTES_MAX))).toHaveLength(PASSWORD_BYTES_MAX);
    expect(canonicalKey(Buffer.from(key.toString('hex').toUpperCase()))).toEqual(key);
  });
  it.each([0, PASSWORD_BYTES_MIN - 1, PASSWORD_BYTES_MAX + 1, PASSWORD_HEX_LENGTH, 1000])(
    'refuses %d other bytes',
    (length) => {
      expect(canonicalKey(Buffer.alloc(length, 'z'))).toBeUndefined();
    },
  );
});

describe('CredentialChecker', () => {
  const checker = new CredentialChecker(pepper);
  const issued: ChargePointCredential = {
    chargePointId: 'CP1',
    scheme: 'hmac',
    salt,
    digest: issuedKeyDigest(pepper, salt, key),
  };

  it('accepts an issued key in both forms and nothing else', async () => {
    expect(await checker.verify(issued, key)).toBe(true);
    expect(await checker.verify(issued, Buffer.from(key.toString('hex')))).toBe(true);
    for (const wrong of [Buffer.alloc(0), Buffer.alloc(20), key.subarray(0, 19), Buffer.concat([key, key])]) {
      expect(await checker.verify(issued, wrong)).toBe(false);
    }
    expect(await new CredentialChecker(Buffer.alloc(32, 2)).verify(issued, key)).toBe(false);
    expect(await checker.verify(undefined, key)).toBe(false);
  });

  it('checks a chosen key by scrypt once, then from its cache, until the password changes', async () => {
    const chosen: ChargePointCredential = {
      chargePointId: 'V1',
      scheme: 'scrypt',
      salt,
      digest: await chosenKeyDigest(salt, key),
    };
    expect(await checker.verify(chosen, Buffer.alloc(20))).toBe(false);
    expect(await checker.verify(chosen, key)).toBe(true);
    const startedAtMs = performance.now();
    for (let check = 0; check < 50; check++) expect(await checker.verify(chosen, key)).toBe(true);
    // Fifty scrypts take more than a second.
    expect(performance.now() - startedAtMs).toBeLessThan(500);
    const changed = { ...chosen, digest: await chosenKeyDigest(salt, Buffer.alloc(20, 9)) };
    expect(await checker.verify(changed, key)).toBe(false);
  });

  it('remembers a bounded number of verified keys', async () => {
    expect(VERIFIED_CACHE_MAX).toBeGreaterThanOrEqual(10_000);
    const small = new CredentialChecker(pepper, 2);
    const digest = await chosenKeyDigest(salt, key);
    for (const chargePointId of ['A', 'B', 'C', 'C', 'A']) {
      expect(await small.verify({ chargePointId, scheme: 'scrypt', salt, digest }, key)).toBe(true);
      expect(small.cached).toBeLessThanOrEqual(2);
    }
  });

  it('refuses more waiting scrypts than it can serve', async () => {
    const busy = new CredentialChecker(pepper);
    const chosen: ChargePointCredential = { chargePointId: 'V2', scheme: 'scrypt', salt, digest: Buffer.alloc(32) };
    const all = Array.from({ length: SCRYPT_CONCURRENT_MAX + SCRYPT_WAITING_MAX + 1 }, () => busy.verify(chosen, key));
    const results = await Promise.allSettled(all);
    expect(
      results.filter((result) => result.status === 'rejected' && result.reason instanceof CredentialsOverloadedError),
    ).toHaveLength(1);
    expect(await busy.verify(chosen, key)).toBe(false);
  }, 20_000);
});
