import { describe, expect, it } from '@jest/globals';
import { join, resolve } from 'node:path';
import { parseStartOptions } from './options.js';

describe('start options', () => {
  it('listens on loopback with the documented ports by default', () => {
    const options = parseStartOptions([], '/srv/tallywatt');
    expect(options).toEqual({
      sim: true,
      dataFolder: '/srv/tallywatt/.data',
      host: '127.0.0.1',
      port: 8080,
      ocppPort: 9000,
      credentialsFile: '/srv/tallywatt/.data/credentials.json',
      ledger: 'embedded',
      fabricPort: undefined,
    });
  });

  it('takes every flag of the README', () => {
    const argv = [
      '--no-sim',
      '--data',
      'd',
      '--host',
      '0.0.0.0',
      '--port',
      '1',
      '--ocpp-port',
      '65535',
      '--credentials',
      'c.json',
      '--ledger',
      'fabric',
      '--fabric-port',
      '20000',
    ];
    expect(parseStartOptions(argv, '/srv/tallywatt')).toEqual({
      sim: false,
      dataFolder: resolve('d'),
      host: '0.0.0.0',
      port: 1,
      ocppPort: 65_535,
      credentialsFile: resolve('c.json'),
      ledger: 'fabric',
      fabricPort: 20_000,
    });
  });

  it('keeps the credentials in a moved data folder', () => {
    expect(parseStartOptions(['--data', '/x'], '/srv').credentialsFile).toBe(join('/x', 'credentials.json'));
  });
});
