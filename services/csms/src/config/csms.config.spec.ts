import { describe, expect, it } from '@jest/globals';
import { ConfigError, PEPPER_BYTES_MIN, readCsmsConfig } from './csms.config.js';

const MINIMUM = { DATABASE_URL: 'postgres://db/tallywatt', PILE_KEY_PEPPER: 'ab'.repeat(PEPPER_BYTES_MIN) };

describe('readCsmsConfig', () => {
  it('needs a database and a pepper, and has defaults on loopback for the rest', () => {
    expect(readCsmsConfig(MINIMUM)).toMatchObject({
      databaseUrl: 'postgres://db/tallywatt',
      redisUrl: undefined,
      ledger: 'embedded',
      http: { host: '127.0.0.1', port: 8080 },
      ocpp: { host: '127.0.0.1', port: 9000 },
      tcp: { port: 8091 },
      settlementTcp: { port: 8092 },
      tls: undefined,
      pileKeyPepper: Buffer.alloc(PEPPER_BYTES_MIN, 0xab),
      authorisation: { standingAgeMsMax: 900_000, whenStale: 'accept' },
    });
  });

  it('lists every fault at once and repeats no value', () => {
    const faulty = {
      DATABASE_URL: 'mysql://secret',
      PILE_KEY_PEPPER: 'zz',
      HTTP_PORT: '70000',
      REDIS_URL: 'http://x',
      TLS_CERT_FILE: 'c.pem',
    };
    const read = (): unknown => readCsmsConfig(faulty);
    expect(read).toThrow(ConfigError);
    for (const name of ['DATABASE_URL', 'PILE_KEY_PEPPER', 'HTTP_PORT', 'REDIS_URL']) expect(read).toThrow(name);
    expect(read).not.toThrow('secret');
  });

  it.each([
    [{ TLS_CERT_FILE: 'c.pem' }, 'TLS_KEY_FILE'],
    [{ TLS_CLIENT_CA_FILE: 'ca.pem' }, 'TLS_CLIENT_CA_FILE'],
    [{ PILE_KEY_PEPPER: 'ab' }, 'PILE_KEY_PEPPER'],
    [{ OCPP_PUBLIC_URL: 'http://x' }, 'OCPP_PUBLIC_URL'],
    [{ SETTLEMENT_TCP_PORT: '0' }, 'SETTLEMENT_TCP_PORT'],
  ])('refuses %j', (changes, name) => {
    expect(() => readCsmsConfig({ ...MINIMUM, ...changes })).toThrow(name);
  });

  it('takes TLS as a pair, treats empty as absent, and is frozen', () => {
    const config = readCsmsConfig({ ...MINIMUM, TLS_CERT_FILE: 'c.pem', TLS_KEY_FILE: 'k.pem', REDIS_URL: '' });
    expect(config.tls).toEqual({
      port: 9443,
      certificateFile: 'c.pem',
      keyFile: 'k.pem',
      clientAuthorityFile: undefined,
    });
    expect(config.redisUrl).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });
});
