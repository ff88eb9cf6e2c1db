import { MovementQueries, type MovementRow } from '../operations/movement-queries.js';
import type { Sql } from './database.js';
import { bigintOrNull } from './sql-values.js';

interface Row {
  readonly kind: MovementRow['kind'];
  readonly operator_id: string;
  readonly reference: string;
  readonly account: string | null;
  readonly amount_minor: string | null;
  readonly bill_id: string | null;
  readonly reason_hash: string | null;
  readonly tx_id: string;
  readonly block_number: string;
  readonly at: Date;
}

export class PgMovementQueries extends MovementQueries {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async movement(
    kind: MovementRow['kind'],
    operatorId: string,
    reference: string,
  ): Promise<MovementRow | undefined> {
    const [row] = await this.sql.rows<Row>(
      'select * from settlement.movement where kind = $1 and operator_id = $2 and reference = $3',
      [kind, operatorId, reference],
    );
    return row === undefined ? undefined : movementOf(row);
  }
}

function movementOf(row: Row): MovementRow {
  return {
    kind: row.kind,
    operatorId: row.operator_id,
    reference: row.reference,
    account: row.account,
    amountMinor: bigintOrNull(row.amount_minor),
    billId: row.bill_id,
    reasonHash: row.reason_hash,
    txId: row.tx_id,
    blockNumber: Number(row.block_number),
    at: row.at,
  };
}
