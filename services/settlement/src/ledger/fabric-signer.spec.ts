import { describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, verify } from 'node:crypto';
import { fabricSigner } from './fabric-signer.js';

const HALF_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n / 2n;

/** S of a DER signature. */
function scalarS(signature: Uint8Array): bigint {
  const rLength = signature[3] ?? 0;
  const s = Buffer.from(signature).subarray(4 + rLength + 2);
  return BigInt(`0x${s.toString('hex')}`);
}

describe('signer', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const signer = fabricSigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());

  it('signs what the key’s owner can verify, always with the low S', async () => {
    for (let round = 0; round < 300; round += 1) {
      const message = Buffer.from(`message ${round}`);
      const signature = await signer(message);
      expect(verify('sha256', message, publicKey, signature)).toBe(true);
      expect(scalarS(signature)).toBeLessThanOrEqual(HALF_ORDER);
    }
  });

  it('signs no other message', async () => {
    expect(verify('sha256', Buffer.from('b'), publicKey, await signer(Buffer.from('a')))).toBe(false);
  });
});
