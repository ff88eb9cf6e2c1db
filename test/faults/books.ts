import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseUrlOf } from '../support/product-processes.js';

const UNDER_WAY = `from csms.settlement_fact f left join settlement.settlement s using (settlement_id)
       where s.state is null or s.state in ('pending', 'prepared', 'submitted') or (s.state = 'quarantined' and s.facts_revision < f.revision)`;
const RETRY_MS = 50;
/** A database that is away longer than this does not come back by itself. */
const PATIENCE_MS = 60_000;

/** An outage, or a deadlock that we lost (a truncate meets the queue's own locks); all else is a fault of the statement. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || /^(?:57P|08|40)/.test(error.code ?? '');
}

/** Plain SQL on a product's database, through restarts of it. */
export class Books {
  private client: pg.Client | undefined;

  constructor(private readonly dataFolder: string) {}

  /** Runs a statement; connects again and repeats while the server is away. */
  async rows<R extends object>(text: string, values: readonly unknown[] = []): Promise<R[]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        const client = await this.connected();
        return (await client.query<R>(text, [...values])).rows;
      } catch (error) {
        if (!isPassing(error) || performance.now() > deadline) throw error;
        await this.close();
        await sleep(RETRY_MS);
      }
    }
  }

  async finals(): Promise<number> {
    const [row] = await this.rows<{ count: string }>(
      "select count(*) as count from settlement.settlement where state = 'final'",
    );
    return Number(row?.count ?? 0);
  }

  /**
   * Settlement rows that are still under way, and requests that have none yet, or one of older facts: a session that was
   * closed without its Stop is held, and its Stop that came late is not yet read.
   */
  async underWay(): Promise<number> {
    const [row] = await this.rows<{ count: string }>(`select count(*) as count ${UNDER_WAY}`);
    return Number(row?.count ?? 0);
  }

  /** What the database is doing, and what still waits for a bill: for a run that does not come to its end. */
  async standstill(): Promise<string> {
    const sessions = await this.rows(
      `select application_name, state, wait_event, now() - xact_start as open_for, backend_xid, left(query, 120) as query
       from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid()`,
    );
    const waiting = await this.rows(
      `select f.operator_id, s.state, count(*) as count
       ${UNDER_WAY} group by 1, 2`,
    );
    return [...sessions, ...waiting].map((row) => JSON.stringify(row)).join('\n');
  }

  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async connected(): Promise<pg.Client> {
    if (this.client !== undefined) return this.client;
    const client = new pg.Client({ connectionString: databaseUrlOf(this.dataFolder) });
    client.on('error', () => undefined);
    await client.connect();
    return (this.client = client);
  }
}
