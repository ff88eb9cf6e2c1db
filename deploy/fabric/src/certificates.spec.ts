import { beforeAll, describe, expect, it } from '@jest/globals';
import { webcrypto, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { issueClient, issueTls, type Authority } from './certificates.js';

const NOW_MS = Date.UTC(2026, 0, 1);
const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';

describe('certificates', () => {
  let authority: Authority;
  beforeAll(async () => {
    const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=ca.test',
      keys,
      notBefore: new Date(NOW_MS - 60_000),
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions: [new x509.BasicConstraintsExtension(true), new x509.SubjectKeyIdentifierExtension('ab'.repeat(32))],
    });
    const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    authority = { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
  });

  it('of a client carry its role as fabric-ca writes it, and OU=client', async () => {
    const { certificate } = await issueClient(authority, 'settler@test', { role: 'settler', evId: 'EV1' }, NOW_MS);
    const read = new X509Certificate(certificate);
    expect(read.checkIssued(new X509Certificate(authority.certificate))).toBe(true);
    expect(read.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(read.subject.split('\n').sort()).toEqual(['CN=settler@test', 'OU=client']);
    expect(read.ca).toBe(false);
    const extension = new x509.X509Certificate(certificate).getExtension(ATTRIBUTES_OID);
    expect(JSON.parse(Buffer.from(extension?.value ?? new ArrayBuffer(0)).toString('utf8'))).toEqual({
      attrs: { role: 'settler', evId: 'EV1' },
    });
  });

  it('hold for a year from now, and for clocks a little behind', async () => {
    const { certificate } = await issueClient(authority, 'x', {}, NOW_MS + 600_000);
    const read = new X509Certificate(certificate);
    expect(Date.parse(read.validFrom)).toBe(NOW_MS + 600_000 - 300_000);
    expect(Date.parse(read.validTo)).toBe(NOW_MS + 600_000 + 365 * 86_400_000);
  });

  it('never begin before their authority: Fabric refuses such a chain', async () => {
    const { certificate } = await issueClient(authority, 'x', {}, NOW_MS);
    expect(Date.parse(new X509Certificate(certificate).validFrom)).toBe(NOW_MS - 60_000);
  });

  it('of a server name addresses and hosts, each as what it is', async () => {
    const { certificate, key } = await issueTls(
      authority,
      'contract.test',
      ['127.0.0.1', 'localhost', 'p.test'],
      NOW_MS,
    );
    const read = new X509Certificate(certificate);
    expect(read.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(read.checkHost('p.test')).toBe('p.test');
    expect(read.checkHost('other.test')).toBeUndefined();
    expect(key).toContain('BEGIN PRIVATE KEY');
  });

  it('have serial numbers and keys of their own', async () => {
    const [one, two] = await Promise.all([
      issueTls(authority, 'a', ['a'], NOW_MS),
      issueTls(authority, 'a', ['a'], NOW_MS),
    ]);
    expect(new X509Certificate(one.certificate).serialNumber).not.toBe(
      new X509Certificate(two.certificate).serialNumber,
    );
    expect(one.key).not.toBe(two.key);
  });
});
