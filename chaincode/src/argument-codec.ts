import { isWellFormedText, LEDGER_ID_PATTERN } from '@tallywatt/contracts';
import { ContractError } from './contract-error.js';

/** Reads one value of an argument. @throws ContractError INVALID_ARGUMENT naming the path, never the value. */
export type Reader<T> = (value: unknown, path: string) => T;

const OPTIONAL = Symbol('optional');
type OptionalReader<T> = Reader<T | undefined> & { readonly [OPTIONAL]: true };

/** Money is at most 10^15 minor units (reliability.md section 9). */
const DECIMAL_PATTERN = /^(?:0|-?[1-9][0-9]{0,15})$/;

export function invalid(path: string, expected: string): ContractError {
  return new ContractError('INVALID_ARGUMENT', `${path} is not ${expected}`);
}

export const ledgerId: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || !LEDGER_ID_PATTERN.test(value)) throw invalid(path, 'an id');
  return value;
};

export function text(lengthMax: number): Reader<string> {
  return (value, path) => {
    if (typeof value !== 'string' || value === '' || value.length > lengthMax)
      throw invalid(path, `text of 1 to ${lengthMax}`);
    if (/[\u0000-\u001f\u007f]/.test(value) || !isWellFormedText(value)) throw invalid(path, 'printable text');
    return value;
  };
}

export const sha256Hex: Reader<string> = (value, path) => {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) throw invalid(path, 'a SHA-256 in hex');
  return value;
};

export function integer(min: number, max: number): Reader<number> {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
      throw invalid(path, `an integer from ${min} to ${max}`);
    }
    return value;
  };
}

/** Decimal text of an integer within bounds; one spelling per value (no leading zero, no minus zero). */
export function decimal(min: bigint, max: bigint): Reader<string> {
  return (value, path) => {
    if (typeof value !== 'string' || !DECIMAL_PATTERN.test(value)) throw invalid(path, 'a decimal integer');
    const number = BigInt(value);
    if (number < min || number > max) throw invalid(path, `from ${min} to ${max}`);
    return value;
  };
}

export const flag: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw invalid(path, 'true or false');
  return value;
};

export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, path) => (value === null ? null : reader(value, path));
}

export function list<T>(item: Reader<T>, min: number, max: number): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length < min || value.length > max)
      throw invalid(path, `a list of ${min} to ${max}`);
    return value.map((member, index) => item(member, `${path}[${index}]`));
  };
}

/** A field that may be absent; null is not absent. */
export function optional<T>(reader: Reader<T>): OptionalReader<T> {
  const read: Reader<T | undefined> = (value, path) => (value === undefined ? undefined : reader(value, path));
  return Object.assign(read, { [OPTIONAL]: true as const });
}

/** An object with exactly these fields; an unknown one is refused. */
export function fields<T extends object>(shape: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const readers = new Map<string, Reader<unknown>>(Object.entries(shape));
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(path, 'an object');
    const given = new Map<string, unknown>(Object.entries(value));
    for (const key of given.keys()) if (!readers.has(key)) throw invalid(path, 'free of unknown fields');
    const result: [string, unknown][] = [];
    for (const [key, read] of readers) {
      if (!given.has(key) && OPTIONAL in read) continue;
      result.push([key, read(given.get(key), `${path}.${key}`)]);
    }
    // Every field of T has been read by its own reader.
    return Object.fromEntries(result) as T;
  };
}

/** Parses the one JSON argument of a contract function. */
export function parseArgument<T>(json: string, bytesMax: number, reader: Reader<T>): T {
  if (Buffer.byteLength(json, 'utf8') > bytesMax)
    throw new ContractError('BATCH_TOO_LARGE', `the argument exceeds ${bytesMax} bytes`);
  return reader(parseJson(json), 'argument');
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw invalid('argument', 'JSON');
  }
}
