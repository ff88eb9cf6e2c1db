import { describe, expect, it } from '@jest/globals';
import { RequestReader } from './request-reader.js';
import { SchemaValidator } from './schema-validator.js';

const reader = new RequestReader(new SchemaValidator());
const timestamp = '2018-06-01T08:05:00Z';

describe('RequestReader', () => {
  it('hands a valid payload on as the same object', () => {
    const payload = { idTag: 'A' };
    const read = reader.read('Authorize', payload, [], false);
    expect(read).toEqual({ payload, fault: undefined, flags: [] });
    expect(read.payload).toBe(payload);
  });

  it('cleans for a lenient station and refuses for a strict one', () => {
    const payload = { idTag: 'A', vendor: 1 };
    expect(reader.read('Authorize', payload, [], false)).toEqual({
      payload: { idTag: 'A' },
      fault: undefined,
      flags: ['extra_field'],
    });
    expect(reader.read('Authorize', payload, [], true)).toEqual({
      payload,
      fault: 'FormationViolation',
      flags: ['schema_violation'],
    });
  });

  it('keeps what it cannot read, with the fault and the framing flags', () => {
    expect(reader.read('StartTransaction', { meterStart: -1 }, ['long_message_id'], false)).toEqual({
      payload: { meterStart: -1 },
      fault: 'OccurenceConstraintViolation',
      flags: ['long_message_id', 'schema_violation'],
    });
  });

  it('believes no transaction message with a key that came twice, and takes others with a flag', () => {
    const stop = { transactionId: 1, meterStop: 2, timestamp };
    for (const strict of [true, false]) {
      expect(reader.read('StopTransaction', stop, ['duplicate_key'], strict)).toEqual({
        payload: stop,
        fault: 'FormationViolation',
        flags: ['duplicate_key', 'schema_violation'],
      });
      expect(reader.read('Authorize', { idTag: 'A' }, ['duplicate_key'], strict).fault).toBeUndefined();
    }
  });

  it('trusts no payload with a number that a double cannot hold', () => {
    const stop = { transactionId: 1, meterStop: 9007199254740992, timestamp };
    for (const strict of [true, false]) {
      expect(reader.read('StopTransaction', stop, ['unsafe_number'], strict).fault).toBe('PropertyConstraintViolation');
    }
    // In a field that leniency leaves out it does no harm.
    const extra = reader.read('Authorize', { idTag: 'A', vendor: 1e300 }, ['unsafe_number'], false);
    expect(extra).toEqual({ payload: { idTag: 'A' }, fault: undefined, flags: ['unsafe_number', 'extra_field'] });
  });

  it.each([
    ['MeterValues' as const, { connectorId: 1, meterValue: [{ timestamp, sampledValue: [] }] }],
    [
      'StopTransaction' as const,
      { transactionId: 1, meterStop: 2, timestamp, transactionData: [{ timestamp, sampledValue: [] }] },
    ],
  ])('flags empty samples of %s', (action, payload) => {
    expect(reader.read(action, payload, [], true)).toEqual({
      payload,
      fault: undefined,
      flags: ['empty_sampled_value'],
    });
  });
});
