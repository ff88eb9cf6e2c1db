import { describe, expect, it } from '@jest/globals';
import { readLeniently } from './leniency.js';
import { SchemaValidator } from './schema-validator.js';

const schemas = new SchemaValidator();
const read = (action: string, payload: unknown) => readLeniently(schemas.schemaOf(action, 'req'), payload);
const timestamp = '2018-06-01T08:05:00Z';
const start = { connectorId: 1, idTag: 'A', meterStart: 100, timestamp };
const good = { value: '12.5', measurand: 'Power.Active.Import', unit: 'kW' };
const values = (...sampledValue: unknown[]): object => ({ connectorId: 1, meterValue: [{ timestamp, sampledValue }] });

describe('readLeniently rewrites and flags', () => {
  it.each([
    ['Heartbeat', null, {}, ['null_payload']],
    ['Authorize', { idTag: 'A'.repeat(21) }, { idTag: 'A'.repeat(21) }, ['over_long_string']],
    ['Authorize', { idTag: 'A', vendor: { deep: 1 } }, { idTag: 'A' }, ['extra_field']],
    ['Authorize', { idTag: 1234 }, { idTag: '1234' }, ['string_as_number']],
    ['StartTransaction', { ...start, connectorId: '1', meterStart: '100.0' }, start, ['number_as_string']],
    ['StartTransaction', { ...start, timestamp: '2018-06-01T08:05:00' }, start, ['missing_zone']],
    ['StartTransaction', { ...start, timestamp: 'now' }, { ...start, timestamp: 'now' }, ['bad_timestamp']],
    ['StartTransaction', { ...start, reservationId: null }, start, ['null_payload']],
    [
      'StopTransaction',
      { transactionId: 7, meterStop: 9, timestamp, reason: 'Bored' },
      { transactionId: 7, meterStop: 9, timestamp },
      ['unknown_value'],
    ],
    [
      'MeterValues',
      { connectorId: 1, meterValue: { timestamp, sampledValue: [good] } },
      values(good),
      ['object_for_array'],
    ],
    ['MeterValues', values(good, { value: '1', measurand: 'Phlogiston' }), values(good), ['unknown_value']],
    ['MeterValues', values({ value: '1', unit: 'Furlong' }, good), values(good), ['unknown_value']],
    ['MeterValues', values({ ...good, context: 'Sometimes' }), values(good), ['unknown_value']],
    ['MeterValues', values({ value: 3 }), values({ value: '3' }), ['string_as_number']],
  ])('%s %j', (action, payload, expected, flags) => {
    expect(read(action, payload)).toEqual({ payload: expected, flags });
  });

  it('collects every flag of one message', () => {
    const reading = read('StartTransaction', { ...start, meterStart: '5', x: 1, timestamp: '2018-06-01T08:05:00' });
    expect([...reading.flags].sort()).toEqual(['extra_field', 'missing_zone', 'number_as_string']);
  });

  it('drops prototype keys without touching any prototype', () => {
    const reading = read(
      'Authorize',
      JSON.parse('{"idTag":"A","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
    );
    expect(reading).toEqual({ payload: { idTag: 'A' }, flags: ['extra_field'] });
    expect('polluted' in {}).toBe(false);
  });
});

describe('readLeniently refuses', () => {
  it.each([
    ['Authorize', {}, 'OccurenceConstraintViolation'],
    ['Authorize', { idTag: null }, 'TypeConstraintViolation'],
    ['Authorize', { idTag: { x: 1 } }, 'TypeConstraintViolation'],
    ['Authorize', [], 'FormationViolation'],
    ['Authorize', 'A', 'FormationViolation'],
    ['Authorize', null, 'OccurenceConstraintViolation'],
    ['StartTransaction', { ...start, meterStart: 5.5 }, 'TypeConstraintViolation'],
    ['StartTransaction', { ...start, meterStart: '5.5' }, 'TypeConstraintViolation'],
    ['StartTransaction', { ...start, meterStart: 'NaN' }, 'TypeConstraintViolation'],
    ['StartTransaction', { ...start, meterStart: '9007199254740993' }, 'PropertyConstraintViolation'],
    ['StartTransaction', { ...start, meterStart: 1e308 }, 'PropertyConstraintViolation'],
    ['StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Sleeping' }, 'PropertyConstraintViolation'],
    ['MeterValues', { connectorId: 1, meterValue: 'none' }, 'TypeConstraintViolation'],
    ['MeterValues', { connectorId: 1, meterValue: [null] }, 'FormationViolation'],
    ['MeterValues', values({ unit: 'Wh' }), 'OccurenceConstraintViolation'],
  ])('%s %j as %s', (action, payload, fault) => expect(read(action, payload)).toMatchObject({ fault }));
});
