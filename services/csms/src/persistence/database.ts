import { Logger } from '@nestjs/common';
import pg from 'pg';

/** The role that owns csms' writes; settlement has another one, so the database itself keeps one writer per table. */
export const CSMS_ROLE = 'tallywatt_csms';
/** Connections: the group committer, batched reads and the API at once; PostgreSQL's default allows 100 for all processes. */
const POOL_SIZE = 12;
/**
 * Statements are prepared once, perhaps on empty tables, and live as long as their connection while the tables grow:
 * a plan that reads a whole table would be kept. Every read here has an index, so the planner is held to those.
 */
const INDEXES_ONLY = '-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';
/** Unavailable is better than hanging: callers retry, piles queue. */
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * csms' PostgreSQL: a pool that writes as {@link CSMS_ROLE}. bigint and numeric arrive as decimal text, timestamptz as Date.
 *
 * Order of visibility: `seq`/`change_seq` columns default to `csms.next_change_seq()`, which draws under a lock held to the
 * end of the transaction. A reader needs nothing but `where seq > $last order by seq`: nothing appears behind it later.
 */
export function createPool(url: string, max = POOL_SIZE): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    options: `-c role=${CSMS_ROLE} ${INDEXES_ONLY}`,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'tallywatt-csms',
    max,
  });
  const logger = new Logger('database');
  // An idle connection that the server ends would otherwise end the process.
  pool.on('error', (error) => logger.warn(`idle database connection lost: ${error.message}`));
  return pool;
}

/** SQLSTATE of a refused statement, undefined when the server could not be reached or gave none. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

/** What our own code throws when it is wrong; a driver's faults are plain errors. */
const DEFECTS = [TypeError, RangeError, ReferenceError, SyntaxError];

/**
 * Whether the store as a whole is in trouble: no connection, shutdown (57P0x), out of resources (53xxx, disk full), I/O (58xxx).
 * Everything else is about the statement.
 */
export function isOutage(error: unknown): boolean {
  if (DEFECTS.some((defect) => error instanceof defect)) return false;
  const state = sqlState(error);
  return state === undefined || /^(?:08|53|57P|58)/.test(state) || state === '25006';
}
