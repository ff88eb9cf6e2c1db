import { Injectable } from '@nestjs/common';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { ACTIONS, COMMAND_ACTIONS } from './actions.js';
import type { OcppErrorCode } from './ocpp-error.js';
import { loadOfficialSchemas, type SchemaNode } from './schema-codec.js';
import { parseTimestamp } from './timestamp.js';

export type MessageKind = 'req' | 'conf';

/** ocpp.md: `multipleOf: 0.1` without it refuses a third of all valid one-decimal values. */
export const MULTIPLE_OF_PRECISION_DIGITS = 6;

const CODE_BY_KEYWORD: ReadonlyMap<string, OcppErrorCode> = new Map<string, OcppErrorCode>([
  ['type', 'TypeConstraintViolation'],
  ['required', 'OccurenceConstraintViolation'],
  ['additionalProperties', 'FormationViolation'],
  ['enum', 'PropertyConstraintViolation'],
  ['maxLength', 'PropertyConstraintViolation'],
  ['format', 'PropertyConstraintViolation'],
  ['multipleOf', 'PropertyConstraintViolation'],
]);

/** Official OCPP 1.6 schemas, compiled once per action at start; look-ups by action and kind. */
@Injectable()
export class SchemaValidator {
  private readonly schemas = loadOfficialSchemas();
  private readonly validators = { req: new Map<string, ValidateFunction>(), conf: new Map<string, ValidateFunction>() };

  constructor() {
    const ajv = new Ajv({
      strict: false,
      multipleOfPrecision: MULTIPLE_OF_PRECISION_DIGITS,
      allErrors: false,
      $data: false,
    });
    ajv.addFormat('date-time', {
      type: 'string',
      validate: (text: string) => parseTimestamp(text)?.zoneMissing === false,
    });
    ajv.addFormat('uri', true);
    for (const action of new Set<string>([...ACTIONS, ...COMMAND_ACTIONS])) {
      this.validators.req.set(action, ajv.compile(this.schemaOf(action, 'req')));
      this.validators.conf.set(action, ajv.compile(this.schemaOf(action, 'conf')));
    }
  }

  /** What the payload violates first, or undefined when it is valid. */
  fault(action: string, kind: MessageKind, payload: unknown): OcppErrorCode | undefined {
    const validate = this.validators[kind].get(action);
    if (validate === undefined) throw new Error(`no schema is compiled for ${action}.${kind}`);
    return validate(payload) === true ? undefined : codeOf(validate.errors?.[0]);
  }

  schemaOf(action: string, kind: MessageKind): SchemaNode {
    const schema = this.schemas.get(`${action}.${kind}`);
    if (schema === undefined) throw new Error(`OCPP 1.6 has no schema ${action}.${kind}`);
    return schema;
  }

  /** True for every action of OCPP 1.6 and its security extension, in either direction. */
  isStandardAction(action: string): boolean {
    return this.schemas.has(`${action}.req`);
  }
}

function codeOf(error: ErrorObject | undefined): OcppErrorCode {
  // A payload that is no object at all is malformed; a field of the wrong type is a type violation.
  if (error?.keyword === 'type' && error.instancePath === '') return 'FormationViolation';
  return CODE_BY_KEYWORD.get(error?.keyword ?? '') ?? 'FormationViolation';
}
