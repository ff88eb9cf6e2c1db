import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** One settling process per database; the number has no meaning, it must only be ours. */
const SEAT_LOCK = 7_411_104;
const RETRY_MS = 200;
const CONNECT_TIMEOUT_MS = 10_000;
/** A holder whose machine vanished without a word is given up after about 11 s; one that was killed, at once. */
const KEEPALIVE = '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3';

/** What becomes of a process that wants to settle. */
export interface SeatEvents {
  /** Somebody else has the seat: told once, then this process waits as a standby. */
  standby(): void;
  /** The seat was lost to somebody else: two must not go on. */
  lost(): void;
}

/**
 * The embedded ledger has one writer, and its transactions wait in that process: a second one on the same database would
 * take settlements that never reach a block. So one process has the seat, others wait for it before they do anything.
 */
export class WriterSeat {
  private client: pg.Client | undefined;
  private isLeaving = false;

  private constructor(
    private readonly url: string,
    private readonly events: SeatEvents,
  ) {}

  /** Resolves when this process has the seat, however long that takes. @throws when the database does not answer. */
  static async take(url: string, events: SeatEvents): Promise<WriterSeat> {
    const seat = new WriterSeat(url, events);
    const client = await seat.connect();
    if (await isLocked(client)) seat.sit(client);
    else await seat.waitOn(client);
    return seat;
  }

  async leave(): Promise<void> {
    this.isLeaving = true;
    await this.client?.end();
  }

  private async waitOn(first: pg.Client): Promise<void> {
    this.events.standby();
    for (let client: pg.Client | undefined = first; ; client = await this.connect().catch(() => undefined)) {
      try {
        await client?.query('select pg_advisory_lock($1)', [SEAT_LOCK]);
        if (client !== undefined) return this.sit(client);
      } catch {
        // The database restarts: the queue for the seat is a new one then.
      }
      await sleep(RETRY_MS);
    }
  }

  private sit(client: pg.Client): void {
    this.client = client;
    client.once('end', () => {
      if (!this.isLeaving) void this.sitAgain();
    });
  }

  /** The seat ends with its connection; after a restart of the database it is free for whoever comes first. */
  private async sitAgain(): Promise<void> {
    while (!this.isLeaving) {
      const client = await this.connect().catch(() => undefined);
      const locked = client === undefined ? undefined : await isLocked(client).catch(() => undefined);
      if (client !== undefined && locked === true) return this.sit(client);
      if (locked === false) return this.events.lost();
      await sleep(RETRY_MS);
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'tallywatt-settlement-seat',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      options: KEEPALIVE,
    });
    // What went wrong, the awaited call says; an end while idle is heard as `end`.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
}

async function isLocked(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [SEAT_LOCK]);
  return rows[0]?.locked === true;
}
