import { describe, expect, it } from '@jest/globals';
import { ConfigError, readSettlementConfig } from './settlement.config.js';

const DATABASE_URL = 'postgres://someone:secret@127.0.0.1:5432/tallywatt';

describe('settlement configuration', () => {
  it('needs nothing but the database', () => {
    expect(readSettlementConfig({ DATABASE_URL })).toEqual({
      databaseUrl: DATABASE_URL,
      redisUrl: undefined,
      ledger: { mode: 'embedded' },
      tcp: { host: '127.0.0.1', port: 8092 },
      csmsTcp: { host: '127.0.0.1', port: 8091 },
      operators: undefined,
    });
  });

  it('takes an empty variable for an absent one', () => {
    expect(readSettlementConfig({ DATABASE_URL, REDIS_URL: '' }).redisUrl).toBeUndefined();
  });

  it('wants a profile with the consortium’s ledger, and none without it', () => {
    const fabric = { DATABASE_URL, LEDGER: 'fabric', FABRIC_PROFILE: '/network/connection.json' };
    expect(readSettlementConfig(fabric).ledger).toEqual({ mode: 'fabric', file: '/network/connection.json' });
    expect(() => readSettlementConfig({ ...fabric, FABRIC_PROFILE: undefined })).toThrow('FABRIC_PROFILE');
    expect(() => readSettlementConfig({ ...fabric, LEDGER: 'embedded' })).toThrow('FABRIC_PROFILE');
  });

  it('splits the operators', () => {
    expect(readSettlementConfig({ DATABASE_URL, SETTLEMENT_OPERATORS: 'TELD,SG' }).operators).toEqual(['TELD', 'SG']);
  });

  it('lists all faults at once and repeats no value', () => {
    const faulty = {
      DATABASE_URL: 'mysql://root:hunter2@db',
      REDIS_URL: 'nope',
      LEDGER: 'fabrik',
      SETTLEMENT_TCP_PORT: '99999',
    };
    let message = '';
    try {
      readSettlementConfig(faulty);
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      message = String(error);
    }
    for (const name of Object.keys(faulty)) expect(message).toContain(name);
    expect(message).not.toContain('hunter2');
  });

  it('is frozen', () => {
    const config = readSettlementConfig({ DATABASE_URL });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.tcp)).toBe(true);
  });
});
