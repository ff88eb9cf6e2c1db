import { randomBytes, webcrypto } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNATURE = { name: 'ECDSA', hash: 'SHA-256' } as const;
/** fabric-ca's attribute extension: JSON `{"attrs":{name: value}}`, read by the contract's client identity. */
const ATTRIBUTES_OID = '1.2.3.4.5.6.7.8.1';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
const VALID_DAYS = 365;
const DAY_MS = 86_400_000;
/** Clocks of other machines may be behind. */
const BACKDATED_MS = 300_000;

/** A key and its certificate, PEM; the key is PKCS#8. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** An authority as cryptogen lays it down: `ca/` signs people, `tlsca/` signs servers. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

export function readAuthority(organisationCrypto: string, kind: 'ca' | 'tlsca'): Authority {
  const folder = join(organisationCrypto, kind);
  const file = (suffix: string): string => {
    const name = readdirSync(folder).find((entry) => entry.endsWith(suffix));
    if (name === undefined) throw new Error(`${folder} holds no *${suffix}`);
    return readFileSync(join(folder, name), 'utf8');
  };
  return { certificate: file('-cert.pem'), key: file('_sk') };
}

async function issue(
  authority: Authority,
  subject: string,
  extensions: x509.Extension[],
  nowMs: number,
): Promise<IssuedCertificate> {
  const issuer = new x509.X509Certificate(authority.certificate);
  const keys = await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomBytes(16).toString('hex'),
    subject,
    issuer: issuer.subject,
    // Fabric checks a chain at the moment its last certificate begins: never before its authority.
    notBefore: new Date(Math.max(nowMs - BACKDATED_MS, issuer.notBefore.getTime())),
    notAfter: new Date(nowMs + VALID_DAYS * DAY_MS),
    signingAlgorithm: SIGNATURE,
    publicKey: keys.publicKey,
    signingKey: await webcrypto.subtle.importKey('pkcs8', pemBytes(authority.key), CURVE, false, ['sign']),
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      // Copied, not computed: cryptogen makes its authorities' key ids with another hash.
      new x509.AuthorityKeyIdentifierExtension(keyIdOf(issuer)),
    ],
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { certificate: certificate.toString('pem'), key: x509.PemConverter.encode(key, 'PRIVATE KEY') };
}

function keyIdOf(authority: x509.X509Certificate): string {
  const identifier = authority.getExtension(x509.SubjectKeyIdentifierExtension);
  if (identifier === null) throw new Error(`${authority.subject} has no key identifier`);
  return identifier.keyId;
}

function pemBytes(pem: string): ArrayBuffer {
  const [bytes] = x509.PemConverter.decode(pem);
  if (bytes === undefined) throw new Error('not a PEM file');
  return bytes;
}

/** A client of the contract: what it may do stands in its certificate, as fabric-ca writes it. */
export function issueClient(
  authority: Authority,
  name: string,
  attributes: Readonly<Record<string, string>>,
  nowMs: number,
): Promise<IssuedCertificate> {
  const value = Buffer.from(JSON.stringify({ attrs: attributes }), 'utf8');
  return issue(
    authority,
    `CN=${name},OU=client`,
    [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.Extension(ATTRIBUTES_OID, false, value),
    ],
    nowMs,
  );
}

/** A TLS server's certificate; clients of mutual TLS use the same kind. */
export function issueTls(
  authority: Authority,
  name: string,
  hosts: readonly string[],
  nowMs: number,
): Promise<IssuedCertificate> {
  const alternatives = hosts.map((value) => ({
    type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const),
    value,
  }));
  return issue(
    authority,
    `CN=${name}`,
    [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH, CLIENT_AUTH]),
      new x509.SubjectAlternativeNameExtension(alternatives),
    ],
    nowMs,
  );
}
