import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Certificates made on the spot (X.509 v3, P-256), so that no private key is kept in the repository. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly subject: Buffer;
  readonly privateKey: KeyObject;
}

const ECDSA_WITH_SHA256 = der(0x30, oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));

export function makeCertificate(
  commonName: string,
  organisation: string,
  authority?: TestCertificate,
): TestCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = der(0x30, attribute([0x55, 0x04, 0x0a], organisation), attribute([0x55, 0x04, 0x03], commonName));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ECDSA_WITH_SHA256,
    authority?.subject ?? subject,
    der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231235959Z'))),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, basicConstraints(authority === undefined))),
  );
  const signature = sign('sha256', body, authority?.privateKey ?? privateKey);
  const whole = der(0x30, body, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  const certificate = `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), subject, privateKey };
}

function basicConstraints(isAuthority: boolean): Buffer {
  const value = der(0x30, ...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []));
  return der(0x30, oid([0x55, 0x1d, 0x13]), der(0x01, Buffer.from([0xff])), der(0x04, value));
}

function attribute(type: readonly number[], text: string): Buffer {
  return der(0x31, der(0x30, oid(type), der(0x0c, Buffer.from(text))));
}

function oid(bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
