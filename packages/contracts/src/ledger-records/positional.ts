import { canonicalJson, type CanonicalValue } from '../canonical-json.js';
import { splitStateKey, stateKey, type StateType } from './state-key.js';

/** A record that this build cannot read: other schema version, or damaged. Never guessed at. */
export class RecordError extends Error {}

/** Full object ↔ key and short value. The full object carries everything that its key says. */
export interface RecordCodec<T> {
  readonly type: StateType;
  keyOf(record: T): string;
  encode(record: T): string;
  decode(key: string, text: string): T;
}

interface Layout<T> {
  readonly type: StateType;
  /** Leading number of the row; a new layout gets a new number and old ones stay readable. */
  readonly version: number;
  readonly keyParts: (record: T) => readonly string[];
  readonly toRow: (record: T) => readonly CanonicalValue[];
  readonly fromRow: (keyParts: KeyReader, row: RowReader) => T;
}

/** Codec of a row `[version, field, field, …]` in canonical JSON: small, because bytes decide (ledger.md). */
export function positional<T>(layout: Layout<T>): RecordCodec<T> {
  return {
    type: layout.type,
    keyOf: (record) => stateKey(layout.type, ...layout.keyParts(record)),
    encode: (record) => canonicalJson([layout.version, ...layout.toRow(record)]),
    decode: (key, text) => {
      const { type, parts } = splitStateKey(key);
      if (type !== layout.type) throw new RecordError(`key of type ${type} read as ${layout.type}`);
      const row = new RowReader(layout.type, layout.version, parseRow(text, layout.type));
      const record = layout.fromRow(new KeyReader(parts), row);
      row.assertEnd();
      return record;
    },
  };
}

function parseRow(text: string, type: string): readonly unknown[] {
  const row: unknown = parseJson(text, type);
  if (!Array.isArray(row)) throw new RecordError(`${type}: value is no row`);
  return row;
}

function parseJson(text: string, type: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RecordError(`${type}: value is no JSON`);
  }
}

export class KeyReader {
  private next = 0;
  constructor(private readonly parts: readonly string[]) {}

  part(): string {
    const part = this.parts[this.next++];
    if (part === undefined) throw new RecordError('key has too few parts');
    return part;
  }
}

/** Reads a row field by field, in the order it was written. */
export class RowReader {
  private next = 1;

  constructor(
    private readonly type: string,
    version: number,
    private readonly row: readonly unknown[],
  ) {
    if (row[0] !== version)
      throw new RecordError(`${type}: schema version ${String(row[0])}, this build reads ${version}`);
  }

  text(): string {
    const field = this.row[this.next++];
    if (typeof field !== 'string') throw this.fault('text');
    return field;
  }

  integer(): number {
    const field = this.row[this.next++];
    if (typeof field !== 'number' || !Number.isSafeInteger(field)) throw this.fault('an integer');
    return field;
  }

  /** An integer that the rules hold as bigint (Wh, prices, parameters). */
  bigint(): bigint {
    return BigInt(this.integer());
  }

  /** Money: decimal text. */
  amount(): bigint {
    const field = this.text();
    if (!/^-?[0-9]{1,20}$/.test(field)) throw this.fault('an amount');
    return BigInt(field);
  }

  flag(): boolean {
    const field = this.integer();
    if (field !== 0 && field !== 1) throw this.fault('0 or 1');
    return field === 1;
  }

  integerOrNull(): number | null {
    if (this.row[this.next] !== null) return this.integer();
    this.next++;
    return null;
  }

  list(): readonly unknown[] {
    const field = this.row[this.next++];
    if (!Array.isArray(field)) throw this.fault('a list');
    return field;
  }

  /** Reads an inner list by the same rules. */
  inner<T>(read: (row: RowReader) => T): T[] {
    const row = new RowReader(this.type, 0, [0, ...this.list()]);
    const items: T[] = [];
    while (row.more()) items.push(read(row));
    return items;
  }

  more(): boolean {
    return this.next < this.row.length;
  }

  assertEnd(): void {
    if (this.more()) throw new RecordError(`${this.type}: ${this.row.length - this.next} fields too many`);
  }

  private fault(expected: string): RecordError {
    return new RecordError(`${this.type}: field ${this.next - 1} is not ${expected}`);
  }
}

/** A bigint that is written as a JSON integer; refused beyond 2^53. */
export function smallInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RecordError(`too large for a row: ${value}`);
  return number;
}
