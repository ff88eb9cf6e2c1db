import type { Flag } from './flag.js';
import type { OcppErrorCode } from './ocpp-error.js';
import type { SchemaNode } from './schema-codec.js';
import { parseTimestamp } from './timestamp.js';

/**
 * Reads a payload that failed the schema the way a patient person would: what is understandable is rewritten into
 * the standard's shape and flagged, the rest is a fault. Walks the schema, so depth and work are bounded by it.
 */
export type LenientReading =
  | { readonly payload: object; readonly flags: readonly Flag[] }
  | { readonly fault: OcppErrorCode; readonly flags: readonly Flag[] };

/** Fields without which a sampled value means something else: an unknown word there drops the sample, not the field. */
const DECISIVE_SAMPLE_FIELDS: ReadonlySet<string> = new Set(['measurand', 'unit', 'phase', 'format']);
const INTEGER_TEXT = /^-?\d{1,16}(\.0{1,16})?$/;
const NUMBER_TEXT = /^-?\d{1,16}(\.\d{1,16})?$/;

const UNREADABLE = Symbol('unreadable');

class Reading {
  readonly flags = new Set<Flag>();
  fault: OcppErrorCode | undefined;

  /** The first fault is the answer's code; a later one adds nothing. */
  refuse(code: OcppErrorCode): typeof UNREADABLE {
    this.fault ??= code;
    return UNREADABLE;
  }
}

export function readLeniently(schema: SchemaNode, payload: unknown): LenientReading {
  const reading = new Reading();
  if (payload === null) reading.flags.add('null_payload');
  const value = readObject(schema, payload ?? {}, reading);
  const flags = [...reading.flags];
  if (value === UNREADABLE) return { fault: reading.fault ?? 'FormationViolation', flags };
  return { payload: value, flags };
}

function readNode(node: SchemaNode, value: unknown, reading: Reading): unknown {
  switch (node.type) {
    case 'object':
      return readObject(node, value, reading);
    case 'array':
      return readArray(node, value, reading);
    case 'string':
      return readString(node, value, reading);
    case 'integer':
    case 'number':
      return readNumber(node.type, value, reading);
    case 'boolean':
      return typeof value === 'boolean' ? value : reading.refuse('TypeConstraintViolation');
    default:
      return value;
  }
}

function readObject(node: SchemaNode, value: unknown, reading: Reading): object | typeof UNREADABLE {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return reading.refuse('FormationViolation');
  const known = node.properties ?? {};
  const clean: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) {
    const fieldSchema = Object.hasOwn(known, name) ? known[name] : undefined;
    if (fieldSchema === undefined) {
      reading.flags.add('extra_field');
      continue;
    }
    const isRequired = node.required?.includes(name) === true;
    if (field === null && !isRequired) {
      reading.flags.add('null_payload');
      continue;
    }
    const read = readField(name, fieldSchema, field, isRequired, reading);
    if (read === UNREADABLE) return UNREADABLE;
    if (read !== undefined) clean[name] = read;
  }
  for (const name of node.required ?? [])
    if (!Object.hasOwn(clean, name)) return reading.refuse('OccurenceConstraintViolation');
  return clean;
}

/** The value, undefined to leave an optional field out, or UNREADABLE. */
function readField(name: string, node: SchemaNode, value: unknown, isRequired: boolean, reading: Reading): unknown {
  const isUnknownWord = typeof value === 'string' && node.enum !== undefined && !node.enum.includes(value);
  if (isUnknownWord && !isRequired && !DECISIVE_SAMPLE_FIELDS.has(name)) {
    reading.flags.add('unknown_value');
    return undefined;
  }
  return readNode(node, value, reading);
}

function readArray(node: SchemaNode, value: unknown, reading: Reading): unknown {
  const items = Array.isArray(value) ? value : [value];
  if (!Array.isArray(value)) {
    if (typeof value !== 'object' || value === null) return reading.refuse('TypeConstraintViolation');
    reading.flags.add('object_for_array');
  }
  const schema = node.items ?? {};
  const clean: unknown[] = [];
  for (const item of items) {
    if (hasUnknownDecisiveWord(schema, item)) {
      reading.flags.add('unknown_value');
      continue;
    }
    const read = readNode(schema, item, reading);
    if (read === UNREADABLE) return UNREADABLE;
    clean.push(read);
  }
  return clean;
}

function hasUnknownDecisiveWord(schema: SchemaNode, item: unknown): boolean {
  if (typeof item !== 'object' || item === null || schema.properties === undefined) return false;
  for (const [name, value] of Object.entries(item)) {
    const words = DECISIVE_SAMPLE_FIELDS.has(name) ? schema.properties[name]?.enum : undefined;
    if (words !== undefined && typeof value === 'string' && !words.includes(value)) return true;
  }
  return false;
}

function readString(node: SchemaNode, value: unknown, reading: Reading): unknown {
  if (typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
    reading.flags.add('string_as_number');
    return readText(node, String(value), reading);
  }
  return typeof value === 'string' ? readText(node, value, reading) : reading.refuse('TypeConstraintViolation');
}

function readText(node: SchemaNode, text: string, reading: Reading): unknown {
  if (node.enum !== undefined && !node.enum.includes(text)) return reading.refuse('PropertyConstraintViolation');
  // Kept whole: a cut idTag could be another driver's.
  if (node.maxLength !== undefined && text.length > node.maxLength) reading.flags.add('over_long_string');
  if (node.format !== 'date-time') return text;
  const parsed = parseTimestamp(text);
  if (parsed?.zoneMissing === true) reading.flags.add('missing_zone');
  // Kept as it is, because it is part of the natural key of a retry; readers use their arrival time instead.
  if (parsed === undefined) reading.flags.add('bad_timestamp');
  return parsed?.zoneMissing === true ? `${text}Z` : text;
}

function readNumber(type: 'integer' | 'number', value: unknown, reading: Reading): unknown {
  const pattern = type === 'integer' ? INTEGER_TEXT : NUMBER_TEXT;
  let number = value;
  if (typeof value === 'string' && pattern.test(value)) {
    number = Number(value);
    reading.flags.add('number_as_string');
  }
  if (typeof number !== 'number') return reading.refuse('TypeConstraintViolation');
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return reading.refuse('PropertyConstraintViolation');
  if (type === 'integer' && !Number.isInteger(number)) return reading.refuse('TypeConstraintViolation');
  return number;
}
