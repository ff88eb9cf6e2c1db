import type { z } from 'zod';
import { invalidRequest } from '../api/problem.js';

/** An opaque cursor: the sort key of the last row, so that a page never shifts when rows are added. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws ProblemError 400 for anything that this list did not issue */
export function decodeCursor<K>(cursor: string, schema: z.ZodType<K>): K {
  const key = schema.safeParse(parsedJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (key.success) return key.data;
  throw invalidRequest([{ pointer: '/cursor', code: 'invalid_cursor', message: 'not a cursor of this list' }]);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
