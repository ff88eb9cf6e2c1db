import { invalidField } from './refusal.js';

/** The sort key of the last row of a page, opaque to clients: the next page starts behind it. */
export function encodeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

/** @throws OperationRefusal 400 for anything that {@link encodeCursor} did not make with as many parts. */
export function decodeCursor(cursor: string | undefined, parts: number): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const key = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(key) || key.length !== parts) throw badCursor();
  return key.map((part: unknown) => {
    if (typeof part !== 'string') throw badCursor();
    return part;
  });
}

/** A part that has to be an instant or a number: a forged one must not reach the database as such. */
export function cursorPart(part: string | undefined, pattern: RegExp): string {
  if (part === undefined || !pattern.test(part)) throw badCursor();
  return part;
}
/** Parts of the sort keys that are in use. */
export const CURSOR_INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
export const CURSOR_NUMBER = /^\d{1,18}$/;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw badCursor();
  }
}

function badCursor(): Error {
  return invalidField('/cursor', 'invalid', 'the cursor is not of this list');
}
