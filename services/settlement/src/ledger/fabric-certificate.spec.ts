import { beforeAll, describe, expect, it } from '@jest/globals';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { callerOf, CERTIFICATES_KEPT_MAX, peerNodeOf } from './fabric-certificate.js';

const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

let keys: Awaited<ReturnType<typeof webcrypto.subtle.generateKey>> & webcrypto.CryptoKeyPair;

async function certificate(name: string, attributes?: object): Promise<string> {
  const value = Buffer.from(JSON.stringify({ attrs: attributes }), 'utf8');
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: attributes === undefined ? [] : [new x509.Extension(ATTRIBUTES_OID, false, value)],
  });
  return made.toString('pem');
}

describe('a certificate', () => {
  beforeAll(async () => {
    keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  });

  it('says who calls: organisation, role, and the driver’s account', async () => {
    const settler = await certificate('CN=settler', { role: 'settler' });
    expect(callerOf('TELD', settler)).toEqual({ mspId: 'TELD', role: 'settler' });
    const driver = await certificate('CN=driver', { role: 'driver', evId: 'EV-1' });
    expect(callerOf('STAR', driver)).toEqual({ mspId: 'STAR', role: 'driver', evId: 'EV-1' });
  });

  it('without a known role gives no right to change anything', async () => {
    expect(callerOf('TELD', await certificate('CN=admin'))).toEqual({ mspId: 'TELD', role: 'auditor' });
    await expect(certificate('CN=x', { role: 'king' }).then((pem) => callerOf('TELD', pem))).rejects.toThrow();
  });

  it('of a peer names its node', async () => {
    expect(peerNodeOf(await certificate('CN=node-12.sg.tallywatt'))).toBe('node-12');
  });

  it('is remembered, but not for ever', () => {
    expect(CERTIFICATES_KEPT_MAX).toBeLessThanOrEqual(10_000);
  });
});
