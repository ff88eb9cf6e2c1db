/** A state key taken apart: letter and parts. */
export interface StateEntry {
  readonly type: string;
  readonly parts: readonly string[];
  /** The value's row, `[version, field, …]`. */
  readonly row: readonly unknown[];
}

/** Takes `U+0000 letter U+0000 part U+0000 …` apart. */
export function entryOf(key: string, value: string): StateEntry {
  const [, type = '', ...parts] = key.split('\u0000');
  return { type, parts: parts.slice(0, -1), row: JSON.parse(value) as unknown[] };
}
