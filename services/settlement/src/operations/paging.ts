import type { PageView } from '@tallywatt/contracts';
import { encodeCursor } from './page-cursor.js';

/** What every list operation takes. */
export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly count?: boolean | undefined;
}

/** Rows of a page and one more if there is one; the total when it was asked for. */
export interface Rows<R> {
  readonly rows: readonly R[];
  readonly total?: number;
}

/** Cuts the one row too many off and names the last one that stays. */
export function pageView<R, V>(
  { rows, total }: Rows<R>,
  limit: number,
  keyOf: (row: R) => readonly string[],
  view: (row: R) => V,
): PageView<V> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null;
  return { data: shown.map(view), nextCursor, ...(total === undefined ? {} : { total }) };
}
