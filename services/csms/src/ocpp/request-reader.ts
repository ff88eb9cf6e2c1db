import { Injectable } from '@nestjs/common';
import { isTransactionAction, type Action } from './actions.js';
import type { Flag } from './flag.js';
import { readLeniently } from './leniency.js';
import { isJsonObject } from './message-codec.js';
import type { OcppErrorCode } from './ocpp-error.js';
import { SchemaValidator } from './schema-validator.js';

export interface ReadRequest {
  /** In the standard's shape when `fault` is undefined; else as received. */
  readonly payload: unknown;
  readonly fault: OcppErrorCode | undefined;
  readonly flags: readonly Flag[];
}

/** Schema first, because nearly every message passes it; leniency only for the rest, and never for a strict station. */
@Injectable()
export class RequestReader {
  constructor(private readonly schemas: SchemaValidator) {}

  read(action: Action, payload: unknown, framingFlags: readonly Flag[], strict: boolean): ReadRequest {
    // Which of the two values the pile meant is a person's question, and money may hang on it (C9).
    if (framingFlags.includes('duplicate_key') && isTransactionAction(action))
      return { payload, fault: 'FormationViolation', flags: [...framingFlags, 'schema_violation'] };
    const fault = this.faultOf(action, payload, framingFlags);
    if (fault === undefined) return { payload, fault, flags: withEmptySamples(payload, framingFlags) };
    if (strict) return { payload, fault, flags: [...framingFlags, 'schema_violation'] };
    const lenient = readLeniently(this.schemas.schemaOf(action, 'req'), payload);
    const flags = [...framingFlags, ...lenient.flags];
    if ('fault' in lenient) return { payload, fault: lenient.fault, flags: [...flags, 'schema_violation'] };
    return { payload: lenient.payload, fault: undefined, flags: withEmptySamples(lenient.payload, flags) };
  }

  /** A double cannot hold the number that was sent: whatever the schema says of it, it is not what the pile meant. */
  private faultOf(action: Action, payload: unknown, framingFlags: readonly Flag[]): OcppErrorCode | undefined {
    const fault = this.schemas.fault(action, 'req', payload);
    return fault === undefined && framingFlags.includes('unsafe_number') ? 'PropertyConstraintViolation' : fault;
  }
}

function hasNoSample(reading: unknown): boolean {
  return isJsonObject(reading) && Array.isArray(reading['sampledValue']) && reading['sampledValue'].length === 0;
}

/** The schema allows `sampledValue: []`; such a reading says nothing, which is worth a flag. */
function withEmptySamples(payload: unknown, flags: readonly Flag[]): readonly Flag[] {
  if (!isJsonObject(payload)) return flags;
  const readings = payload['meterValue'] ?? payload['transactionData'];
  if (!Array.isArray(readings)) return flags;
  return readings.some(hasNoSample) ? [...flags, 'empty_sampled_value'] : flags;
}
