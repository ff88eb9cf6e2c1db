import { storableJson, storableText } from './storable-text.js';

/** Types of array elements with their numbers in PostgreSQL's catalogue, which never change. */
const TYPE_OIDS = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int4: 23,
  text: 25,
  timestamptz: 1184,
  uuid: 2950,
  jsonb: 3802,
} as const;
export type ArrayType = keyof typeof TYPE_OIDS;

const HEADER_BYTES = 20;
/** Most elements are shorter; a longer one makes the buffer grow. */
const ELEMENT_BYTES = 24;
const NULL_LENGTH = -1;
/** UTF-8 takes at most three bytes per UTF-16 unit. */
const UTF8_BYTES_PER_UNIT = 3;
const INT32_SPAN = 2 ** 32;
/** PostgreSQL counts microseconds from 2000. */
const EPOCH_2000_MS = Date.UTC(2000, 0, 1);
const JSONB_VERSION = 1;

/** The value fits no column of its type; nothing else of its commit is at fault. */
export class UnstorableValueError extends Error {}

/** A one-dimensional array in PostgreSQL's binary format, written element by element. */
export class ArrayWriter {
  private buffer: Buffer;
  private at: number;

  constructor(type: ArrayType, count: number) {
    this.buffer = Buffer.allocUnsafe(HEADER_BYTES + count * ELEMENT_BYTES);
    this.at = 0;
    // Dimensions, "may hold nulls", type, then length and lower bound of the one dimension; an empty array has none.
    this.int32(count === 0 ? 0 : 1);
    this.int32(1);
    this.int32(TYPE_OIDS[type]);
    if (count === 0) return;
    this.int32(count);
    this.int32(1);
  }

  end(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  null(): void {
    this.reserve(4);
    this.int32(NULL_LENGTH);
  }

  /** What PostgreSQL's text refuses becomes U+FFFD: NUL here, halves of surrogate pairs by the encoding itself. */
  text(value: string): void {
    this.utf8(storableText(value));
  }

  utf8(value: string): void {
    this.reserve(4 + value.length * UTF8_BYTES_PER_UNIT);
    const written = this.buffer.write(value, this.at + 4, 'utf8');
    this.int32(written);
    this.at += written;
  }

  hex(digits: string): void {
    const bytes = digits.length / 2;
    this.reserve(4 + bytes);
    this.int32(bytes);
    if (this.buffer.write(digits, this.at, 'hex') !== bytes) throw new UnstorableValueError('not hexadecimal');
    this.at += bytes;
  }

  bool(value: boolean): void {
    this.reserve(5);
    this.int32(1);
    this.at = this.buffer.writeUInt8(value ? 1 : 0, this.at);
  }

  int4(value: number): void {
    if (value !== (value | 0)) throw new UnstorableValueError(`${value} is no 32-bit integer`);
    this.reserve(8);
    this.int32(4);
    this.int32(value);
  }

  int8(value: number): void {
    if (!Number.isSafeInteger(value)) throw new UnstorableValueError(`${value} is no safe integer`);
    this.reserve(12);
    this.int32(8);
    const high = Math.floor(value / INT32_SPAN);
    this.int32(high);
    this.at = this.buffer.writeUInt32BE(value - high * INT32_SPAN, this.at);
  }

  instant(epochMs: number): void {
    this.int8((epochMs - EPOCH_2000_MS) * 1000);
  }

  json(value: object): void {
    const written = storableJson(value);
    this.reserve(5 + written.length * UTF8_BYTES_PER_UNIT);
    const bytes = this.buffer.write(written, this.at + 5, 'utf8');
    this.int32(bytes + 1);
    this.at = this.buffer.writeUInt8(JSONB_VERSION, this.at) + bytes;
  }

  private int32(value: number): void {
    this.at = this.buffer.writeInt32BE(value, this.at);
  }

  private reserve(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(grown, 0, 0, this.at);
    this.buffer = grown;
  }
}
