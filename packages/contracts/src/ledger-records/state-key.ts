/**
 * State keys are Fabric composite keys: U+0000, object type, U+0000, then every part followed by U+0000.
 * One letter per record, as in ledger.md's table.
 */
const SEPARATOR = '\u0000';
/** Fabric's end of a partial composite key range; no part may hold it. */
const RANGE_END = '\u{10FFFF}';

export const STATE_TYPES = {
  settlement: 'I',
  account: 'A',
  bill: 'B',
  operatorIndex: 'O',
  stationCredit: 'S',
  foldedBalance: 'F',
  price: 'T',
  tariff: 'H',
  parameters: 'P',
  station: 'C',
  operator: 'G',
  movement: 'X',
  rating: 'V',
  evaluation: 'E',
  endorsementReport: 'R',
  nodeEndorsements: 'N',
  ledgerUpdates: 'L',
} as const;
export type StateType = (typeof STATE_TYPES)[keyof typeof STATE_TYPES];

export class StateKeyError extends Error {}

export interface StateKeyParts {
  readonly type: string;
  readonly parts: readonly string[];
}

/** @throws StateKeyError when a part is empty or holds a character that would let one key pass for another. */
export function stateKey(type: StateType, ...parts: readonly string[]): string {
  for (const part of parts) assertPart(part);
  return prefix(type) + parts.map((part) => part + SEPARATOR).join('');
}

/** Start (inclusive) and end (exclusive) of all keys of a type that begin with the parts given. */
export function stateKeyRange(
  type: StateType,
  ...parts: readonly string[]
): { readonly start: string; readonly end: string } {
  const start = stateKey(type, ...parts);
  return { start, end: start + RANGE_END };
}

/** @throws StateKeyError when the text is no composite key. */
export function splitStateKey(key: string): StateKeyParts {
  const fields = key.split(SEPARATOR);
  const [head, type, ...parts] = fields;
  if (head !== '' || type === undefined || type === '' || parts.pop() !== '') {
    throw new StateKeyError(`not a composite key: ${JSON.stringify(key.slice(0, 80))}`);
  }
  return { type, parts };
}

/** The record letter of a key; undefined when the key is not one of ours. */
export function stateTypeOf(key: string): string | undefined {
  return key.startsWith(SEPARATOR) ? key.slice(1, key.indexOf(SEPARATOR, 1)) : undefined;
}

function prefix(type: StateType): string {
  return SEPARATOR + type + SEPARATOR;
}

function assertPart(part: string): void {
  if (part === '') throw new StateKeyError('a key part is empty');
  if (part.includes(SEPARATOR) || part.includes(RANGE_END))
    throw new StateKeyError('a key part holds U+0000 or U+10FFFF');
}
