import type { PageView } from '@tallywatt/contracts';
import { z } from 'zod';
import type { CsvColumn } from './csv.js';

/** `?format=csv`, beside the `Accept` header. */
export const listFormat = { format: z.enum(['json', 'csv']).optional() };

/** One page of a list and the way to the next one; the interceptor turns it into JSON or a complete CSV. */
export class ListAnswer {
  constructor(
    readonly first: PageView<unknown>,
    readonly columns: readonly CsvColumn[],
    readonly follow: (cursor: string) => Promise<PageView<unknown>>,
  ) {}
}

/** Runs the query of a list; `fetch` gets the query without `format`. */
export async function answerList<Q extends { format?: 'json' | 'csv' | undefined }>(
  query: Q,
  columns: readonly CsvColumn[],
  fetch: (query: Omit<Q, 'format'> & { cursor?: string }) => Promise<PageView<unknown>>,
): Promise<ListAnswer> {
  const { format: _format, ...rest } = query;
  return new ListAnswer(await fetch(rest), columns, (cursor) => fetch({ ...rest, cursor }));
}
