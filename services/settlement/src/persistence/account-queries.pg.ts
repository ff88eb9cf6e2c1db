import { AccountQueries, type AccountRow } from '../operations/account-queries.js';
import { decodeCursor } from '../operations/page-cursor.js';
import type { PageRequest, Rows } from '../operations/paging.js';
import type { Visibility } from '../operations/visibility.js';
import type { Sql } from './database.js';
import { SqlFilter } from './sql-filter.js';
import { readPage } from './sql-pages.js';

const COLUMNS = 'ev_id, operator_id, balance_minor, credit_sum, credit_count, arrears, blocked, frozen';

interface Row {
  readonly ev_id: string;
  readonly operator_id: string;
  readonly balance_minor: string;
  readonly credit_sum: string;
  readonly credit_count: string;
  readonly arrears: string;
  readonly blocked: boolean;
  readonly frozen: boolean;
}

export class PgAccountQueries extends AccountQueries {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async account(evId: string, visibility: Visibility): Promise<AccountRow | undefined> {
    const filter = visibleAccounts(visibility).add('ev_id = ?', evId);
    const [row] = await this.sql.rows<Row>(
      `select ${COLUMNS} from settlement.account where ${filter.where}`,
      filter.values,
    );
    return row === undefined ? undefined : accountOf(row);
  }

  override async accounts(visibility: Visibility, page: PageRequest): Promise<Rows<AccountRow>> {
    const { rows, ...rest } = await readPage<Row>(this.sql, {
      select: COLUMNS,
      from: 'settlement.account',
      filter: visibleAccounts(visibility),
      order: ['ev_id'],
      direction: 'asc',
      after: { key: decodeCursor(page.cursor, 1), casts: ['text'] },
      limit: page.limit,
      count: page.count === true,
    });
    return { rows: rows.map(accountOf), ...rest };
  }
}

function visibleAccounts(visibility: Visibility): SqlFilter {
  const filter = new SqlFilter();
  switch (visibility.kind) {
    case 'all':
      return filter;
    case 'organisation':
      return filter.add('operator_id = ?', visibility.organisation);
    case 'driver':
      return filter.add('ev_id = ? and operator_id = ?', visibility.evId, visibility.organisation);
  }
}

function accountOf(row: Row): AccountRow {
  return {
    evId: row.ev_id,
    operatorId: row.operator_id,
    balanceMinor: BigInt(row.balance_minor),
    creditSum: Number(row.credit_sum),
    creditCount: Number(row.credit_count),
    arrears: Number(row.arrears),
    blocked: row.blocked,
    frozen: row.frozen,
  };
}
