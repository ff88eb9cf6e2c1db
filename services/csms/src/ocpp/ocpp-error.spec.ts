import { describe, expect, it } from '@jest/globals';
import { OCPP_ERROR_CODES, OCPP_ERROR_DESCRIPTIONS, OcppError } from './ocpp-error.js';

describe('OCPP 1.6 error codes', () => {
  it('are spelled as 1.6 spells them, not as 2.x', () => {
    expect(OCPP_ERROR_CODES).toContain('FormationViolation');
    expect(OCPP_ERROR_CODES).toContain('OccurenceConstraintViolation');
    for (const later of [
      'FormatViolation',
      'OccurrenceConstraintViolation',
      'MessageTypeNotSupported',
      'RpcFrameworkError',
    ]) {
      expect(OCPP_ERROR_CODES).not.toContain(later);
    }
  });

  it('carry a sentence that fits the standard: at most 255 characters', () => {
    for (const code of OCPP_ERROR_CODES) expect(OCPP_ERROR_DESCRIPTIONS[code].length).toBeLessThanOrEqual(255);
    expect(new OcppError('SecurityError')).toMatchObject({ code: 'SecurityError', name: 'OcppError' });
  });
});
