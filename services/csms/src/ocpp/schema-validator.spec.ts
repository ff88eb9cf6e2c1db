import { describe, expect, it } from '@jest/globals';
import { ACTIONS, COMMAND_ACTIONS } from './actions.js';
import { MULTIPLE_OF_PRECISION_DIGITS, SchemaValidator } from './schema-validator.js';

const schemas = new SchemaValidator();
const timestamp = '2018-06-01T08:05:00Z';

describe('SchemaValidator', () => {
  it('has both directions of every action of the closed maps', () => {
    for (const action of [...ACTIONS, ...COMMAND_ACTIONS]) {
      expect(schemas.schemaOf(action, 'req').type).toBe('object');
      expect(schemas.schemaOf(action, 'conf').type).toBe('object');
    }
    expect(() => schemas.schemaOf('Nonsense', 'req')).toThrow('Nonsense.req');
    expect(() => schemas.fault('Nonsense', 'req', {})).toThrow('Nonsense.req');
  });

  it.each([
    ['Heartbeat', {}],
    ['Authorize', { idTag: 'A'.repeat(20) }],
    ['StopTransaction', { transactionId: 1, meterStop: 2, timestamp }],
    ['MeterValues', { connectorId: 1, meterValue: [{ timestamp, sampledValue: [{ value: '1', unit: 'Celsius' }] }] }],
  ])('accepts %s %j', (action, payload) => expect(schemas.fault(action, 'req', payload)).toBeUndefined());

  it.each([
    ['Authorize', {}, 'OccurenceConstraintViolation'],
    ['Authorize', { idTag: 5 }, 'TypeConstraintViolation'],
    ['Authorize', { idTag: 'A'.repeat(21) }, 'PropertyConstraintViolation'],
    ['Authorize', { idTag: 'A', vendor: 1 }, 'FormationViolation'],
    ['Authorize', null, 'FormationViolation'],
    ['Authorize', ['A'], 'FormationViolation'],
    ['StartTransaction', { connectorId: 1, idTag: 'A', meterStart: 5.5, timestamp }, 'TypeConstraintViolation'],
    [
      'StartTransaction',
      { connectorId: 1, idTag: 'A', meterStart: 5, timestamp: 'now' },
      'PropertyConstraintViolation',
    ],
    [
      'StartTransaction',
      { connectorId: 1, idTag: 'A', meterStart: 5, timestamp: '2018-06-01T08:05:00' },
      'PropertyConstraintViolation',
    ],
    ['StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Sleeping' }, 'PropertyConstraintViolation'],
  ])('refuses %s %j as %s', (action, payload, code) => expect(schemas.fault(action, 'req', payload)).toBe(code));

  it('accepts one-decimal limits that binary floats cannot hold', () => {
    const limited = (limit: number): object => ({
      idTag: 'A',
      chargingProfile: {
        chargingProfileId: 1,
        stackLevel: 0,
        chargingProfilePurpose: 'TxProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
      },
    });
    expect(MULTIPLE_OF_PRECISION_DIGITS).toBe(6);
    for (const limit of [8.3, 16.1, 32.7, 0.3])
      expect(schemas.fault('RemoteStartTransaction', 'req', limited(limit))).toBeUndefined();
    expect(schemas.fault('RemoteStartTransaction', 'req', limited(8.35))).toBe('PropertyConstraintViolation');
  });

  it('knows the standard from nonsense', () => {
    expect(schemas.isStandardAction('SignCertificate')).toBe(true);
    expect(schemas.isStandardAction('__proto__')).toBe(false);
  });
});
