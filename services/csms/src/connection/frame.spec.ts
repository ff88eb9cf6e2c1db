import { describe, expect, it } from '@jest/globals';
import { UNKNOWN_MESSAGE_ID, encodeCall, encodeError, encodeResult, parseFrame } from './frame.js';
import { ACTION_LENGTH_MAX, MESSAGE_ID_LENGTH_MAX, PAYLOAD_BYTES_MAX } from './limits.js';

const longId = 'x'.repeat(MESSAGE_ID_LENGTH_MAX + 1);

describe('parseFrame', () => {
  it('reads the three messages of OCPP-J', () => {
    expect(parseFrame('[2,"19223201","BootNotification",{"chargePointVendor":"VendorX"}]')).toEqual({
      type: 'call',
      messageId: '19223201',
      action: 'BootNotification',
      payload: { chargePointVendor: 'VendorX' },
      flags: [],
    });
    expect(parseFrame('[3,"19223201",{"status":"Accepted"}]')).toEqual({
      type: 'result',
      messageId: '19223201',
      payload: { status: 'Accepted' },
    });
    expect(parseFrame('[4,"162376037","NotSupported","SetDisplayMessage is not implemented",{"a":1}]')).toEqual({
      type: 'error',
      messageId: '162376037',
      code: 'NotSupported',
      description: 'SetDisplayMessage is not implemented',
      details: { a: 1 },
    });
    expect(parseFrame('[4,"1"]')).toEqual({
      type: 'error',
      messageId: '1',
      code: 'GenericError',
      description: '',
      details: {},
    });
  });

  it.each([
    '',
    'hello',
    '{',
    '[',
    '[2,"1","Heartbeat",{}',
    '{}',
    '"2"',
    '2',
    'null',
    '[]',
    '["2","1","Heartbeat",{}]',
    '[null]',
    '[[2]]',
    '\u0000',
  ])('finds no message id in %j', (text) =>
    expect(parseFrame(text)).toEqual({ type: 'malformed', messageId: undefined }),
  );

  it.each([
    ['[2]', undefined],
    ['[2,"1"]', '1'],
    ['[2,"1","Heartbeat"]', '1'],
    ['[2,"1",7,{}]', '1'],
    ['[2,null,"Heartbeat",{}]', undefined],
    ['[2,{},"Heartbeat",{}]', undefined],
    ['[2,"","Heartbeat",{}]', ''],
    [`[2,"${longId}","Heartbeat",{}]`, longId],
    [`[2,"1","${'A'.repeat(ACTION_LENGTH_MAX + 1)}",{}]`, '1'],
    [`[2,"1","Heartbeat",${'['.repeat(1000)}${']'.repeat(1000)}]`, '1'],
    ['[3]', undefined],
    ['[3,{},{}]', undefined],
    ['[4,null,"x","y",{}]', undefined],
    [`[3,"1",${'['.repeat(1000)}${']'.repeat(1000)}]`, undefined],
  ])('calls %s malformed', (text, messageId) => expect(parseFrame(text)).toEqual({ type: 'malformed', messageId }));

  it.each(['[1,"1"]', '[5,"1","x",{}]', '[-2]', '[2.5]'])('ignores another message type: %s', (text) =>
    expect(parseFrame(text)).toEqual({ type: 'ignored' }),
  );

  it.each([
    ['[2,"1","StopTransaction",{"meterStop":1,"meterStop":2}]', ['duplicate_key']],
    ['[2,"1","StopTransaction",{"meterStop":9007199254740993}]', ['unsafe_number']],
    [`[2,"${longId}","StopTransaction",{}]`, ['long_message_id']],
    ['[2,"","MeterValues",{}]', ['long_message_id']],
    ['[2,17,"Heartbeat",{}]', ['string_as_number']],
    ['[2,"1","Heartbeat",{},{}]', ['extra_field']],
  ])('flags %s', (text, flags) => expect(parseFrame(text)).toMatchObject({ type: 'call', flags }));

  it('keeps a transaction message that nests absurdly, without its values', () => {
    const deep = `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`;
    expect(parseFrame(`[2,"1","StopTransaction",${deep}]`)).toEqual({
      type: 'call',
      messageId: '1',
      action: 'StopTransaction',
      payload: {},
      flags: ['extra_field'],
    });
  });

  it('survives the deepest text that fits in a message', () => {
    const levels = PAYLOAD_BYTES_MAX / 2 - 20;
    expect(parseFrame(`[2,"1","Heartbeat",${'['.repeat(levels)}${']'.repeat(levels)}]`)).toEqual({
      type: 'malformed',
      messageId: '1',
    });
  });
});

describe('encoding', () => {
  it('writes literal frames', () => {
    expect(encodeCall('a', 'Reset', { type: 'Soft' })).toBe('[2,"a","Reset",{"type":"Soft"}]');
    expect(encodeResult('a"b', {})).toBe('[3,"a\\"b",{}]');
    expect(encodeError(UNKNOWN_MESSAGE_ID, 'FormationViolation', 'text')).toBe(
      '[4,"-1","FormationViolation","text",{}]',
    );
  });
});
