import { Logger } from '@nestjs/common';
import pg from 'pg';

/** The role that owns settlement's writes; csms has another one, so the database itself keeps one writer per table. */
export const SETTLEMENT_ROLE = 'tallywatt_settlement';
/** Connections: listener, claims, batches and queries at once; PostgreSQL's default allows 100 for all processes. */
const POOL_SIZE = 16;
/** Also for waiting while all connections are busy. Unavailable is better than hanging: callers retry. */
const CONNECT_TIMEOUT_MS = 10_000;

/** Something that runs SQL: the pool, or one transaction. */
export interface Sql {
  /** bigint and numeric columns arrive as decimal text, timestamptz as Date. */
  rows<R extends object>(text: string, values?: readonly unknown[]): Promise<R[]>;
}

/** A session of its own, for locks that live as long as it does. */
export interface DatabaseSession extends Sql {
  /** Resolves when the connection ended, for whatever reason: its locks are gone then. */
  readonly ended: Promise<void>;
  end(): Promise<void>;
}

/** settlement's PostgreSQL: plain SQL on a pool. */
export class Database implements Sql {
  private readonly pool: pg.Pool;
  private readonly config: pg.PoolConfig;
  private readonly logger = new Logger(Database.name);

  constructor(url: string, poolSize = POOL_SIZE) {
    this.config = {
      connectionString: url,
      options: `-c role=${SETTLEMENT_ROLE}`,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'tallywatt-settlement',
    };
    this.pool = new pg.Pool({ ...this.config, max: poolSize });
    // An idle connection that the server ends would otherwise end the process.
    this.pool.on('error', (error) => this.logger.warn(`idle database connection lost: ${error.message}`));
  }

  async rows<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    return (await this.pool.query<R>(text, [...values])).rows;
  }

  /** Runs the work in one transaction: commits what it resolves to, rolls back when it throws. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    const ignoreLoss = (): void => undefined;
    // A connection lost between two statements says so here; the next statement then fails with it.
    client.on('error', ignoreLoss);
    let broken: Error | undefined;
    try {
      await client.query('begin');
      const result = await work(sqlOf(client));
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((fault: Error) => (broken = fault));
      throw error;
    } finally {
      client.off('error', ignoreLoss);
      client.release(broken);
    }
  }

  /** @throws when the server cannot be reached. */
  async session(): Promise<DatabaseSession> {
    const client = new pg.Client(this.config);
    const ended = new Promise<void>((resolve) => {
      client.on('end', resolve);
      client.on('error', () => resolve());
    });
    await client.connect();
    return { ...sqlOf(client), ended, end: () => client.end() };
  }

  async end(): Promise<void> {
    await this.pool.end();
  }
}

function sqlOf(client: pg.ClientBase): Sql {
  return {
    rows: async <R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> =>
      (await client.query<R>(text, [...values])).rows,
  };
}
