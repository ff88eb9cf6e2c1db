import { stringify } from 'csv-stringify/sync';

/** A column: a dotted path into the JSON row, which is also its header, so CSV and JSON never disagree. */
export interface CsvColumn {
  readonly path: string;
  readonly type: 'text' | 'number';
}

/** `text('id', 'name')`, `number('total.minor')`. */
export function text(...paths: readonly string[]): CsvColumn[] {
  return paths.map((path) => ({ path, type: 'text' }));
}
export function number(...paths: readonly string[]): CsvColumn[] {
  return paths.map((path) => ({ path, type: 'number' }));
}
/** Currency, exact minor units and the amount for people. */
export function money(path: string): CsvColumn[] {
  return [...text(`${path}.currency`), ...number(`${path}.amount`, `${path}.minor`)];
}

/** RFC 4180; a lone CR or LF would end the record for many readers, so it is quoted too. */
const DIALECT = { record_delimiter: '\r\n', quoted_match: /[\r\n]/ };

export function csvHeader(columns: readonly CsvColumn[]): string {
  return stringify([columns.map((column) => column.path)], DIALECT);
}

/** RFC 4180 lines of the rows, each ended by CRLF. */
export function csvLines(columns: readonly CsvColumn[], rows: readonly unknown[]): string {
  const records = rows.map((row) => columns.map((column) => cell(valueAt(row, column.path), column.type)));
  return stringify(records, DIALECT);
}

function valueAt(row: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return new Map<string, unknown>(Object.entries(value)).get(key);
  }, row);
}

const NUMERIC_CELL = /^-?\d+(\.\d+)?$/;
/** Also the full-width forms ＝ ＋ － ＠, which spreadsheets read as the plain ones. */
const FORMULA_START = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** finance.md section 7: numbers stay numbers, so negative credit notes still sum; any other formula start gets a quote. */
function cell(value: unknown, type: CsvColumn['type']): string {
  if (value === null || value === undefined) return '';
  const textual = typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'number' && NUMERIC_CELL.test(textual)) return textual;
  return FORMULA_START.test(textual) ? `'${textual}` : textual;
}
