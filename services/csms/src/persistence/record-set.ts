import { ArrayWriter, type ArrayType } from './array-writer.js';

/** One column of a set of rows: its name and type in SQL, and how a row's value is written. */
export interface Column<R> {
  readonly name: string;
  readonly type: ArrayType;
  readonly write: (out: ArrayWriter, row: R) => void;
}

type ValueOf<R, V> = (row: R) => V | null;

/** null where the value is null, else as `write` says. */
function column<R, V>(type: ArrayType, name: string, of: ValueOf<R, V>, write: (out: ArrayWriter, value: V) => void) {
  return {
    name,
    type,
    write: (out: ArrayWriter, row: R): void => {
      const value = of(row);
      if (value === null) out.null();
      else write(out, value);
    },
  } satisfies Column<R>;
}

export const text = <R>(name: string, of: ValueOf<R, string>): Column<R> =>
  column('text', name, of, (out, value) => out.text(value));
/** Characters as the bytes of their UTF-8, NUL included. */
export const utf8 = <R>(name: string, of: ValueOf<R, string>): Column<R> =>
  column('bytea', name, of, (out, value) => out.utf8(value));
export const hex = <R>(name: string, of: ValueOf<R, string>): Column<R> =>
  column('bytea', name, of, (out, value) => out.hex(value));
export const uuid = <R>(name: string, of: ValueOf<R, string>): Column<R> =>
  column('uuid', name, of, (out, value) => out.hex(value.replaceAll('-', '')));
export const int4 = <R>(name: string, of: ValueOf<R, number>): Column<R> =>
  column('int4', name, of, (out, value) => out.int4(value));
export const int8 = <R>(name: string, of: ValueOf<R, number>): Column<R> =>
  column('int8', name, of, (out, value) => out.int8(value));
export const bool = <R>(name: string, of: ValueOf<R, boolean>): Column<R> =>
  column('bool', name, of, (out, value) => out.bool(value));
/** From epoch milliseconds. */
export const instant = <R>(name: string, of: ValueOf<R, number>): Column<R> =>
  column('timestamptz', name, of, (out, value) => out.instant(value));
export const json = <R>(name: string, of: ValueOf<R, object>): Column<R> =>
  column('jsonb', name, of, (out, value) => out.json(value));

/**
 * Rows as parameters of a statement: one binary array per column. PostgreSQL takes them as they are, where JSON would
 * cost it more than storing the rows does.
 */
export class RecordSet<R> {
  readonly names: readonly string[];

  constructor(private readonly columns: readonly Column<R>[]) {
    this.names = columns.map(({ name }) => name);
  }

  get width(): number {
    return this.columns.length;
  }

  /** SQL of the rows, whose parameters begin with number `first`. */
  from(alias: string, first: number): string {
    const parameters = this.columns.map(({ type }, index) => `$${first + index}::${type}[]`);
    return `unnest(${parameters.join(', ')}) as ${alias}(${this.names.join(', ')})`;
  }

  /** @throws UnstorableValueError when a value fits no column */
  values(rows: readonly R[]): Buffer[] {
    return this.columns.map(({ type, write }) => {
      const out = new ArrayWriter(type, rows.length);
      for (const row of rows) write(out, row);
      return out.end();
    });
  }
}
