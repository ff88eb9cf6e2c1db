import { describe, expect, it } from '@jest/globals';
import { FRAME_BYTES_SHOWN_MAX, describeFrame, describeSession, describeSettlement } from './wording.js';

const frame = (raw: string, bytes = raw.length) =>
  describeFrame({ direction: 'in', action: 'MeterValues', messageId: 'm', raw: Buffer.from(raw), bytes });

describe('describeFrame', () => {
  it('says direction, action and frame', () => expect(frame('[2]').text).toBe('→ MeterValues [2]'));
  it('says that a frame was cut', () =>
    expect(frame('[2', FRAME_BYTES_SHOWN_MAX + 1).data).toMatchObject({ truncated: true }));
  it.each([
    ['{"key":"AuthorizationKey","value":"s3cret"}', '{"key":"AuthorizationKey","value":"***"}'],
    ['{"value" : "s3\\"cret","key":"AuthorizationKey"}', '{"value" : "***","key":"AuthorizationKey"}'],
    ['{"key":"AuthorizationKey","value":"s3cr', '{"key":"AuthorizationKey","value":"***"'],
    ['{"key":"HeartbeatInterval","value":"60"}', '{"key":"HeartbeatInterval","value":"60"}'],
  ])('keeps keys to itself: %s', (raw, shown) => expect(frame(raw).text).toBe(`→ MeterValues ${shown}`));
});

describe('describeSession', () => {
  it('glosses known kinds and shows plain details', () =>
    expect(describeSession('held', { reason: 'meter_rollback', nested: {} })).toBe(
      'held for review: reason meter_rollback',
    ));
  it('shows an unknown kind as it is', () => expect(describeSession('new_kind', null)).toBe('new_kind'));
});

describe('describeSettlement', () => {
  it('names code, amount and block where there are any', () => {
    const step = {
      state: 'invalid',
      code: 'MVCC_READ_CONFLICT',
      txId: 'ab',
      blockNumber: '9007199254740991',
      totalMinor: '9007199254740993',
    } as const;
    expect(describeSettlement(step).text).toBe(
      'settlement invalid (MVCC_READ_CONFLICT) 90071992547409.93 CNY in block 9007199254740991',
    );
    expect(
      describeSettlement({ state: 'pending', code: null, txId: null, blockNumber: null, totalMinor: null }).text,
    ).toBe('settlement pending');
  });
});
