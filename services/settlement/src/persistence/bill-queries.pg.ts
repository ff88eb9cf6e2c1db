import { type BillFilter, BillQueries, type BillRow } from '../operations/bill-queries.js';
import { CURSOR_INSTANT, cursorPart, decodeCursor } from '../operations/page-cursor.js';
import type { PageRequest, Rows } from '../operations/paging.js';
import type { Visibility } from '../operations/visibility.js';
import type { Sql } from './database.js';
import { SqlFilter } from './sql-filter.js';
import { readPage } from './sql-pages.js';

/** Corrections are of the charge point of their session's first bill. */
const FROM = `settlement.bill b
  left join settlement.settlement s on s.settlement_id = b.session_id
  left join settlement.rating r on r.session_id = b.session_id and r.bill_id = b.bill_id`;
const COLUMNS = 'b.*, s.charge_point_id, r.rating';

interface Row {
  readonly bill_id: string;
  readonly kind: BillRow['kind'];
  readonly ev_id: string;
  readonly user_operator_id: string;
  readonly station_id: string;
  readonly operator_id: string;
  readonly charge_point_id: string | null;
  readonly started_at: Date;
  readonly ended_at: Date;
  readonly meter_start_wh: string;
  readonly meter_stop_wh: string;
  readonly lines: BillRow['lines'];
  readonly total_minor: string;
  readonly content_sha256: string | null;
  readonly refers_to: string;
  readonly session_id: string;
  readonly credited_by: string | null;
  readonly replaced_by: string | null;
  readonly rating: number | null;
  readonly tx_id: string;
  readonly block_number: string;
  readonly final_at: Date;
}

export class PgBillQueries extends BillQueries {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async bill(billId: string, visibility: Visibility): Promise<BillRow | undefined> {
    const filter = visibleBills(visibility).add('b.bill_id = ?', billId);
    const [row] = await this.sql.rows<Row>(`select ${COLUMNS} from ${FROM} where ${filter.where}`, filter.values);
    return row === undefined ? undefined : billOf(row);
  }

  override async bills(filter: BillFilter, visibility: Visibility, page: PageRequest): Promise<Rows<BillRow>> {
    const key = decodeCursor(page.cursor, 2);
    const { rows, ...rest } = await readPage<Row>(this.sql, {
      select: COLUMNS,
      from: FROM,
      filter: visibleBills(visibility)
        .addIf('b.ev_id = ?', filter.evId)
        .addIf('b.station_id = ?', filter.stationId)
        .addIf('b.operator_id = ?', filter.operatorId)
        .addIf('b.ended_at >= ?', filter.from)
        .addIf('b.ended_at < ?', filter.to),
      order: ['b.ended_at', 'b.bill_id'],
      direction: 'desc',
      after: {
        key: key === undefined ? undefined : [cursorPart(key[0], CURSOR_INSTANT), key[1] ?? ''],
        casts: ['timestamptz', 'text'],
      },
      limit: page.limit,
      count: page.count === true,
    });
    return { rows: rows.map(billOf), ...rest };
  }
}

function visibleBills(visibility: Visibility): SqlFilter {
  const filter = new SqlFilter();
  switch (visibility.kind) {
    case 'all':
      return filter;
    case 'organisation': {
      const { organisation } = visibility;
      return filter.add('b.operator_id = ? or b.user_operator_id = ?', organisation, organisation);
    }
    case 'driver':
      return filter.add('b.ev_id = ? and b.user_operator_id = ?', visibility.evId, visibility.organisation);
  }
}

function billOf(row: Row): BillRow {
  return {
    billId: row.bill_id,
    kind: row.kind,
    evId: row.ev_id,
    userOperatorId: row.user_operator_id,
    stationId: row.station_id,
    operatorId: row.operator_id,
    chargePointId: row.charge_point_id,
    startMs: row.started_at.getTime(),
    endMs: row.ended_at.getTime(),
    meterStartWh: BigInt(row.meter_start_wh),
    meterStopWh: BigInt(row.meter_stop_wh),
    lines: row.lines,
    totalMinor: BigInt(row.total_minor),
    contentHash: row.content_sha256,
    refersTo: row.refers_to,
    sessionId: row.session_id,
    creditedBy: row.credited_by,
    replacedBy: row.replaced_by,
    rating: row.rating,
    txId: row.tx_id,
    blockNumber: Number(row.block_number),
    finalAtMs: row.final_at.getTime(),
  };
}
