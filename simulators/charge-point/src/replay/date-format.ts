/** Local date and time, as a file says it. */
export interface LocalDateTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

type Field = keyof LocalDateTime;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Unicode date fields (UTS 35) that open charging data uses; longest first. */
const TOKENS: readonly { readonly token: string; readonly pattern: string; readonly field?: Field }[] = [
  { token: 'yyyy', pattern: '(\\d{4})', field: 'year' },
  { token: 'MMM', pattern: '([A-Za-z]{3})', field: 'month' },
  { token: 'MM', pattern: '(\\d{2})', field: 'month' },
  { token: 'M', pattern: '(\\d{1,2})', field: 'month' },
  { token: 'dd', pattern: '(\\d{2})', field: 'day' },
  { token: 'd', pattern: '(\\d{1,2})', field: 'day' },
  { token: 'HH', pattern: '(\\d{2})', field: 'hour' },
  { token: 'H', pattern: '(\\d{1,2})', field: 'hour' },
  { token: 'mm', pattern: '(\\d{2})', field: 'minute' },
  { token: 'ss', pattern: '(\\d{2})', field: 'second' },
  { token: 'SSS', pattern: '\\d{3}' },
  { token: 'EEE', pattern: '[A-Za-z]{3}' },
];

/**
 * Turns a format such as `dd/MM/yyyy HH:mm` into a reader; text in single quotes stands for itself.
 * The reader answers undefined for whatever does not match whole.
 */
export function compileDateFormat(format: string): (text: string) => LocalDateTime | undefined {
  const fields: Field[] = [];
  let pattern = '';
  for (let at = 0; at < format.length;) {
    const [piece, length, field] = nextPiece(format, at);
    pattern += piece;
    at += length;
    if (field !== undefined) fields.push(field);
  }
  for (const field of ['year', 'month', 'day', 'hour', 'minute'] as const) {
    if (fields.filter((each) => each === field).length !== 1)
      throw new Error(`the format ${format} needs one ${field}`);
  }
  const expression = new RegExp(`^${pattern}$`);
  return (text) => {
    const match = expression.exec(text);
    return match === null ? undefined : toLocal(fields, match.slice(1));
  };
}

function nextPiece(format: string, at: number): [pattern: string, length: number, field: Field | undefined] {
  if (format[at] === "'") {
    const end = format.indexOf("'", at + 1);
    if (end < 0) throw new Error(`the format ${format} has an open quote`);
    return [escape(format.slice(at + 1, end)), end - at + 1, undefined];
  }
  const known = TOKENS.find(({ token }) => format.startsWith(token, at));
  if (known !== undefined) return [known.pattern, known.token.length, known.field];
  const literal = format.charAt(at);
  if (/[A-Za-z]/.test(literal)) throw new Error(`the format ${format} has the unknown letter ${literal}`);
  return [escape(literal), 1, undefined];
}

function toLocal(fields: readonly Field[], texts: readonly string[]): LocalDateTime | undefined {
  const local = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  fields.forEach((field, index) => {
    const text = texts[index] ?? '';
    local[field] = /^\d+$/.test(text) ? Number(text) : MONTHS.indexOf(text.toLowerCase()) + 1;
  });
  return exists(local) ? local : undefined;
}

/** Refuses the 31st of June and 25 o'clock instead of rolling over. */
function exists(local: LocalDateTime): boolean {
  const date = new Date(Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second));
  return (
    date.getUTCMonth() + 1 === local.month &&
    date.getUTCDate() === local.day &&
    date.getUTCHours() === local.hour &&
    date.getUTCMinutes() === local.minute &&
    date.getUTCSeconds() === local.second
  );
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
}
