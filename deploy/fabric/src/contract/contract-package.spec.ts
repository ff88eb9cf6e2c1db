import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { packContract } from './contract-package.js';

const CONNECTION = {
  address: '127.0.0.1:9999',
  clientKey: 'key',
  clientCertificate: 'certificate',
  rootCertificate: 'root',
};

function fileIn(archive: Uint8Array, name: string): Buffer {
  return spawnSync('tar', ['-xzO', name], { input: archive }).stdout;
}

describe('contract package', () => {
  it('is the same for the same input at another time: the id is its hash', async () => {
    const first = await packContract('settlement_1', CONNECTION);
    // tar counts seconds
    await sleep(1_100);
    const second = await packContract('settlement_1', CONNECTION);
    expect(second.id).toBe(first.id);
    expect(first.id).toBe(`settlement_1:${createHash('sha256').update(first.bytes).digest('hex')}`);
  });

  it('is another one for another operator’s key', async () => {
    const first = await packContract('settlement_1', CONNECTION);
    const second = await packContract('settlement_1', { ...CONNECTION, clientKey: 'other' });
    expect(second.id).not.toBe(first.id);
  });

  it('tells peers the address and demands mutual TLS', async () => {
    const { bytes } = await packContract('settlement_1', CONNECTION);
    expect(JSON.parse(fileIn(bytes, 'metadata.json').toString())).toEqual({
      type: 'tallywatt-contract-server',
      label: 'settlement_1',
    });
    expect(JSON.parse(fileIn(fileIn(bytes, 'code.tar.gz'), 'connection.json').toString())).toMatchObject({
      address: '127.0.0.1:9999',
      tls_required: true,
      client_auth_required: true,
      client_key: 'key',
    });
  });
});
