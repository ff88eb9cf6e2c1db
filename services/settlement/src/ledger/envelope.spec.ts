import { describe, expect, it } from '@jest/globals';
import { decodeEnvelope, encodeEnvelope, transactionId, type Envelope } from './envelope.js';

const ENVELOPE: Envelope = {
  nonce: 'ab'.repeat(24),
  creator: { mspId: 'TELD', role: 'settler' },
  fn: 'SettleBatch',
  args: '{"a":1}',
  timestampMs: 1_700_000_000_000,
  reads: [['\u0000A\u0000EV\u0000', null]],
  writes: [
    ['\u0000A\u0000EV\u0000', '[1]'],
    ['\u0000S\u0000CS\u0000', null],
  ],
  event: ['SettleBatch', '[]'],
};

describe('an envelope', () => {
  it.each<[string, Envelope]>([
    ['usual', ENVELOPE],
    ['without event', { ...ENVELOPE, event: null }],
    ["a driver's", { ...ENVELOPE, creator: { mspId: 'TELD', role: 'driver', evId: 'EV' } }],
  ])('comes back from its bytes: %s', (_name, envelope) => {
    expect(decodeEnvelope(encodeEnvelope(envelope))).toEqual(envelope);
  });

  it('has one spelling', () => {
    const reordered = Object.fromEntries(Object.entries(ENVELOPE).toReversed()) as unknown as Envelope;
    expect(encodeEnvelope(reordered)).toEqual(encodeEnvelope(ENVELOPE));
  });

  it.each<[string, object]>([
    ['another version', { v: 2 }],
    ['an unknown field', { extra: 1 }],
    ['an unknown function', { fn: 'Mint' }],
    ['a query', { fn: 'GetBill' }],
    ['an unknown role', { creator: { mspId: 'TELD', role: 'root' } }],
    ['a short nonce', { nonce: 'ab' }],
    ['a write without value', { writes: [['k']] }],
  ])('with %s is refused', (_name, change) => {
    const bytes = Buffer.from(JSON.stringify({ v: 1, ...ENVELOPE, ...change }));
    expect(() => decodeEnvelope(bytes)).toThrow(
      expect.objectContaining({ code: 'MALFORMED_TRANSACTION', errorClass: 'final' }),
    );
  });
});

describe('the txId', () => {
  it('depends on nonce and creator, and on nothing else', () => {
    const { nonce, creator } = ENVELOPE;
    const txId = transactionId(nonce, creator);
    expect(txId).toMatch(/^[0-9a-f]{64}$/);
    expect(transactionId(nonce, { role: 'settler', mspId: 'TELD' })).toBe(txId);
    expect(transactionId('cd'.repeat(24), creator)).not.toBe(txId);
    expect(transactionId(nonce, { ...creator, mspId: 'STAR' })).not.toBe(txId);
  });
});
