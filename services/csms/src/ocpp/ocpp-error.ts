/** Error codes of OCPP-J 1.6, spelled as the standard spells them (`FormationViolation`, `Occurence…`). */
export const OCPP_ERROR_CODES = [
  'NotImplemented',
  'NotSupported',
  'InternalError',
  'ProtocolError',
  'SecurityError',
  'FormationViolation',
  'PropertyConstraintViolation',
  'OccurenceConstraintViolation',
  'TypeConstraintViolation',
  'GenericError',
] as const;
export type OcppErrorCode = (typeof OCPP_ERROR_CODES)[number];

/** The standard's own sentences: a description never echoes anything that a stranger sent. */
export const OCPP_ERROR_DESCRIPTIONS: Readonly<Record<OcppErrorCode, string>> = {
  NotImplemented: 'Requested Action is not known by receiver',
  NotSupported: 'Requested Action is recognized but not supported by the receiver',
  InternalError:
    'An internal error occurred and the receiver was not able to process the requested Action successfully',
  ProtocolError: 'Payload for Action is incomplete',
  SecurityError: 'During the processing of Action a security issue occurred',
  FormationViolation: 'Payload for Action is syntactically incorrect or not conform the PDU structure for Action',
  PropertyConstraintViolation: 'Payload is syntactically correct but at least one field contains an invalid value',
  OccurenceConstraintViolation:
    'Payload is syntactically correct but at least one of the fields violates occurence constraints',
  TypeConstraintViolation:
    'Payload is syntactically correct but at least one of the fields violates data type constraints',
  GenericError: 'Any other error not covered by the previous ones',
};

/** A coded refusal: a handler throws it, the router answers CALLERROR with the code and the standard's sentence. */
export class OcppError extends Error {
  constructor(readonly code: OcppErrorCode) {
    super(`${code}: ${OCPP_ERROR_DESCRIPTIONS[code]}`);
    this.name = 'OcppError';
  }
}
