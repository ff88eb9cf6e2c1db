import type { LedgerChanges } from '../events/ledger-changes.js';
import type { Sql } from './database.js';
import { recordset } from './sql-values.js';

export async function applyGovernance(sql: Sql, changes: LedgerChanges): Promise<void> {
  if (changes.operators.size > 0) await applyOperators(sql, changes);
  if (changes.parameters.size > 0) await applyParameters(sql, changes);
  if (changes.tariffs.size > 0) await applyTariffs(sql, changes);
  if (changes.prices.size > 0) await applyPrices(sql, changes);
}

async function applyOperators(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = [...changes.operators.values()].map(({ record, place }) => ({
    operator_id: record.operatorId,
    name: record.name,
    tx_id: place.txId,
    block_number: place.blockNumber.toString(),
  }));
  await sql.rows(
    `insert into settlement.operator select * from jsonb_to_recordset($1) as o(operator_id text, name text, tx_id text, block_number bigint)
     on conflict (operator_id) do update set name = excluded.name, tx_id = excluded.tx_id, block_number = excluded.block_number`,
    [recordset(rows)],
  );
}

async function applyParameters(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = [...changes.parameters.values()].map(({ record, place }) => ({
    version: record.version,
    alpha_e6: record.alphaE6.toString(),
    beta_e6: record.betaE6.toString(),
    sigma_e6: record.sigmaE6.toString(),
    max_level: record.maxLevel,
    max_rating: record.maxRating,
    threshold_minor: record.thresholdMinor.toString(),
    min_credit_e6: record.minCreditE6.toString(),
    currency: record.currency,
    currency_decimals: record.currencyDecimals,
    endorsement_range_blocks: record.endorsementRangeBlocks,
    endorsement_quorum: record.endorsementQuorum,
    tx_id: place.txId,
    block_number: place.blockNumber.toString(),
  }));
  await sql.rows(
    `insert into settlement.parameters select * from jsonb_to_recordset($1) as p(version int, alpha_e6 bigint, beta_e6 bigint,
       sigma_e6 bigint, max_level int, max_rating int, threshold_minor bigint, min_credit_e6 bigint, currency text,
       currency_decimals int, endorsement_range_blocks int, endorsement_quorum int, tx_id text, block_number bigint)`,
    [recordset(rows)],
  );
}

async function applyTariffs(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = [...changes.tariffs.values()].map(({ record, place }) => ({
    tariff_id: record.tariffId,
    operator_id: record.operatorId,
    block_number: place.blockNumber.toString(),
  }));
  await sql.rows(
    `insert into settlement.tariff select * from jsonb_to_recordset($1) as t(tariff_id text, operator_id text, block_number bigint)
     on conflict (tariff_id) do update set operator_id = excluded.operator_id, block_number = excluded.block_number`,
    [recordset(rows)],
  );
}

async function applyPrices(sql: Sql, changes: LedgerChanges): Promise<void> {
  const rows = [...changes.prices.values()].map(({ record, place }) => ({
    price_id: record.priceId,
    tariff_id: record.tariffId,
    operator_id: record.operatorId,
    from_minute: record.fromMinute,
    to_minute: record.toMinute,
    weekday_mask: record.weekdayMask,
    valid_from_ms: record.validFromMs,
    valid_to_ms: record.validToMs,
    electricity_price_e4: record.electricityPriceE4.toString(),
    service_price_e4: record.servicePriceE4.toString(),
    tx_id: place.txId,
    block_number: place.blockNumber.toString(),
  }));
  // A price is closed, never edited: only its end can change.
  await sql.rows(
    `insert into settlement.price select * from jsonb_to_recordset($1) as p(price_id text, tariff_id text, operator_id text,
       from_minute int, to_minute int, weekday_mask int, valid_from_ms bigint, valid_to_ms bigint, electricity_price_e4 bigint,
       service_price_e4 bigint, tx_id text, block_number bigint)
     on conflict (price_id) do update set valid_to_ms = excluded.valid_to_ms, tx_id = excluded.tx_id, block_number = excluded.block_number`,
    [recordset(rows)],
  );
}

/** l per node and L: the endorsement experience. */
export async function applyEndorsements(sql: Sql, changes: LedgerChanges): Promise<void> {
  if (changes.nodes.size > 0) {
    const nodes = [...changes.nodes.values()].map(({ record }) => ({
      peer_node: record.peerNode,
      endorsements: record.endorsements,
    }));
    await sql.rows(
      `insert into settlement.node_endorsements select * from jsonb_to_recordset($1) as n(peer_node text, endorsements bigint)
       on conflict (peer_node) do update set endorsements = excluded.endorsements`,
      [recordset(nodes)],
    );
  }
  if (changes.ledgerUpdates !== undefined) {
    const { ledgerUpdates, nextBlock } = changes.ledgerUpdates.record;
    await sql.rows('update settlement.ledger_updates set ledger_updates = $1, next_block = $2', [
      ledgerUpdates,
      nextBlock,
    ]);
  }
}
