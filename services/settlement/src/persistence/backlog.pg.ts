import { SETTLEMENT_FACT_VIEW } from '@tallywatt/contracts';
import { type Backlog, BacklogSource } from '../metrics/backlog.js';
import type { Sql } from './database.js';

/** Counting further would say no more: something is very wrong by then. */
export const LAG_COUNTED_MAX = 100_000;

interface OpenRow {
  readonly waiting: string;
  readonly oldest: Date | null;
  readonly in_flight: string;
  readonly invalid: string;
  readonly quarantined: string;
}

export class PgBacklogSource extends BacklogSource {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async backlog(): Promise<Backlog> {
    const [open] = await this.sql.rows<OpenRow>(
      `select count(*) as waiting, min(claimed_at) as oldest,
         (select count(*) from settlement.outgoing_transaction where state in ('prepared', 'submitted')) as in_flight,
         (select count(*) from settlement.settlement where state = 'invalid') as invalid,
         (select count(*) from settlement.settlement where state = 'quarantined') as quarantined
       from settlement.settlement where state in ('pending', 'prepared', 'submitted')`,
    );
    const [lag] = await this.sql.rows<{ facts: string }>(
      `select count(*) as facts from (select from ${SETTLEMENT_FACT_VIEW}
         where change_seq > (select change_seq from settlement.intake_mark) limit $1) f`,
      [LAG_COUNTED_MAX],
    );
    return {
      waiting: Number(open?.waiting ?? 0),
      oldestMs: open?.oldest?.getTime() ?? null,
      transactionsInFlight: Number(open?.in_flight ?? 0),
      invalid: Number(open?.invalid ?? 0),
      quarantined: Number(open?.quarantined ?? 0),
      factsWithoutRow: Number(lag?.facts ?? 0),
    };
  }
}
