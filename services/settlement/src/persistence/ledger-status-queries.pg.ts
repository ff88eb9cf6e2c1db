import { LedgerStatusQueries, type ProjectionStatus } from '../operations/ledger-status-queries.js';
import type { Sql } from './database.js';

interface Row {
  readonly next_block: string;
  readonly committed_at: Date | null;
  readonly ev_balances_minor: string;
  readonly station_balances_minor: string;
  readonly deposits_minor: string;
  readonly pay_outs_minor: string;
  readonly refunds_minor: string;
}

export class PgLedgerStatusQueries extends LedgerStatusQueries {
  constructor(private readonly sql: Sql) {
    super();
  }

  /** One statement: checkpoint and sums are of the same block. */
  override async status(): Promise<ProjectionStatus> {
    const [row] = await this.sql.rows<Row>('select * from settlement.ledger_checkpoint cross join settlement.supply');
    if (row === undefined) throw new Error('the ledger checkpoint is missing');
    return {
      projectedBlock: Number(row.next_block) - 1,
      lastBlockAt: row.committed_at,
      evBalancesMinor: BigInt(row.ev_balances_minor),
      stationBalancesMinor: BigInt(row.station_balances_minor),
      depositsMinor: BigInt(row.deposits_minor),
      payOutsMinor: BigInt(row.pay_outs_minor),
      refundsMinor: BigInt(row.refunds_minor),
    };
  }
}
