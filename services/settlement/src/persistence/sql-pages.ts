import type { Rows } from '../operations/paging.js';
import type { Sql } from './database.js';
import type { SqlFilter } from './sql-filter.js';

/** One list query: what may be seen, where the page starts, in which order. */
export interface PageQuery {
  readonly select: string;
  readonly from: string;
  readonly filter: SqlFilter;
  /** Sort expressions; all in one direction. */
  readonly order: readonly string[];
  readonly direction: 'asc' | 'desc';
  /** Sort key of the page before, with the casts of its columns. */
  readonly after: { readonly key: readonly string[] | undefined; readonly casts: readonly string[] };
  readonly limit: number;
  readonly count: boolean;
}

/** One row more than the page holds, to know whether there is a next one. */
export async function readPage<R extends object>(sql: Sql, query: PageQuery): Promise<Rows<R>> {
  const { filter, order, direction, after } = query;
  const page = filter.fork();
  if (after.key !== undefined) {
    const key = after.casts.map((cast) => `?::${cast}`).join(', ');
    page.add(`(${order.join(', ')}) ${direction === 'asc' ? '>' : '<'} (${key})`, ...after.key);
  }
  const rows = await sql.rows<R>(
    `select ${query.select} from ${query.from} where ${page.where}
     order by ${order.map((expression) => `${expression} ${direction}`).join(', ')} limit ${Math.trunc(query.limit) + 1}`,
    page.values,
  );
  if (!query.count) return { rows };
  const [counted] = await sql.rows<{ total: string }>(
    `select count(*) as total from ${query.from} where ${filter.where}`,
    filter.values,
  );
  return { rows, total: Number(counted?.total ?? 0) };
}
