import { decodeCursor } from '../operations/page-cursor.js';
import type { PageRequest, Rows } from '../operations/paging.js';
import { type Folding, StationQueries, type StationRow } from '../operations/station-queries.js';
import type { Sql } from './database.js';
import { SqlFilter } from './sql-filter.js';
import { readPage } from './sql-pages.js';
import { openDeltaKeys } from './station-deltas.pg.js';

const COLUMNS = `station_id, operator_id, name, peer_node, tariff_id, latitude_e6, longitude_e6, offsets, piles,
  evaluation_e6, rating_count, balance_minor`;

interface Row {
  readonly station_id: string;
  readonly operator_id: string;
  readonly name: string;
  readonly peer_node: string;
  readonly tariff_id: string;
  readonly latitude_e6: number;
  readonly longitude_e6: number;
  readonly offsets: StationRow['offsets'];
  readonly piles: StationRow['piles'];
  readonly evaluation_e6: string;
  readonly rating_count: number;
  readonly balance_minor: string;
}

export class PgStationQueries extends StationQueries {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async station(stationId: string): Promise<StationRow | undefined> {
    const [row] = await this.sql.rows<Row>(`select ${COLUMNS} from settlement.station where station_id = $1`, [
      stationId,
    ]);
    return row === undefined ? undefined : stationOf(row);
  }

  override async stations(operatorId: string | undefined, page: PageRequest): Promise<Rows<StationRow>> {
    const { rows, ...rest } = await readPage<Row>(this.sql, {
      select: COLUMNS,
      from: 'settlement.station',
      filter: new SqlFilter().addIf('operator_id = ?', operatorId),
      order: ['station_id'],
      direction: 'asc',
      after: { key: decodeCursor(page.cursor, 1), casts: ['text'] },
      limit: page.limit,
      count: page.count === true,
    });
    return { rows: rows.map(stationOf), ...rest };
  }

  override async stationsBetween(southE6: number, northE6: number): Promise<StationRow[]> {
    const rows = await this.sql.rows<Row>(
      `select ${COLUMNS} from settlement.station where latitude_e6 between $1 and $2`,
      [southE6, northE6],
    );
    return rows.map(stationOf);
  }

  override async folding(stationId: string, limit: number): Promise<Folding> {
    const [row] = await this.sql.rows<{ folded_minor: string }>(
      'select folded_minor from settlement.station where station_id = $1',
      [stationId],
    );
    const deltaKeys = await openDeltaKeys(this.sql, stationId, limit);
    return { foldedMinor: BigInt(row?.folded_minor ?? 0), deltaKeys };
  }
}

function stationOf(row: Row): StationRow {
  return {
    stationId: row.station_id,
    operatorId: row.operator_id,
    name: row.name,
    peerNode: row.peer_node,
    tariffId: row.tariff_id,
    latitudeE6: row.latitude_e6,
    longitudeE6: row.longitude_e6,
    offsets: row.offsets,
    piles: row.piles,
    evaluationE6: Number(row.evaluation_e6),
    ratingCount: row.rating_count,
    balanceMinor: BigInt(row.balance_minor),
  };
}
