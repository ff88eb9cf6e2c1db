import type { At, LedgerChanges } from '../events/ledger-changes.js';
import type { Sql } from './database.js';
import { instantText, recordset } from './sql-values.js';

/** Deposits, pay-outs, refunds, credit notes, anchors. */
export async function applyMovements(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = [...moneyRows(changes), ...creditNoteRows(changes)];
  if (rows.length > 0) {
    await sql.rows(
      `insert into settlement.movement (kind, operator_id, reference, account, amount_minor, bill_id, reason_hash, tx_id, block_number, at)
       select * from jsonb_to_recordset($1) as m(kind text, operator_id text, reference text, account text, amount_minor bigint,
         bill_id text, reason_hash text, tx_id text, block_number bigint, at timestamptz)`,
      [recordset(rows)],
    );
  }
  if (changes.anchors.length > 0) await insertAnchors(sql, changes);
}

function moneyRows(changes: LedgerChanges): object[] {
  return changes.movements.map((movement) => ({
    kind: movement.record.kind,
    operator_id: movement.record.operatorId,
    reference: movement.record.reference,
    account: movement.record.account,
    amount_minor: movement.record.amountMinor.toString(),
    ...placeRow(movement),
  }));
}

function creditNoteRows(changes: LedgerChanges): object[] {
  return changes.creditNotes.map((note) => ({
    kind: 'creditNote',
    operator_id: note.record.operatorId,
    reference: note.record.reference,
    bill_id: note.record.settlementId,
    reason_hash: note.record.reasonHash,
    ...placeRow(note),
  }));
}

async function insertAnchors(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = changes.anchors.map((anchor) => ({
    operator_id: anchor.record.operatorId,
    kind: anchor.record.kind,
    ref: anchor.record.ref,
    sha256: anchor.record.sha256,
    ...placeRow(anchor),
  }));
  await sql.rows(
    `insert into settlement.anchor select * from jsonb_to_recordset($1)
       as a(operator_id text, kind text, ref text, sha256 text, tx_id text, block_number bigint, at timestamptz)`,
    [recordset(rows)],
  );
}

function placeRow({ place }: At<unknown>): object {
  return { tx_id: place.txId, block_number: place.blockNumber.toString(), at: instantText(place.atMs) };
}
