import { randomUUID } from 'node:crypto';
import type { Caller } from '@tallywatt/contracts';
import type pg from 'pg';
import type { LedgerWriter } from '../batching/ledger-writer.js';

export const SUPERVISOR: Caller = { mspId: 'SUPERVISION', role: 'supervisor' };
export const operator = (mspId: string): Caller => ({ mspId, role: 'operator' });
export const treasurer = (mspId: string): Caller => ({ mspId, role: 'treasurer' });

/** 0.60 and 0.40 per kWh: 10 kWh cost 10.00. */
const PRICE = { electricityPriceE4: '6000', servicePriceE4: '4000' };

/** Parameters, two operators with one station each (`cs-TELD`, `cs-STAR`), three drivers of TELD with 100.00 each. */
export async function foundConsortium(writer: LedgerWriter): Promise<void> {
  await writer.write(
    'SetParameters',
    {
      alphaE6: '10000000',
      betaE6: '500000',
      sigmaE6: '1000000',
      maxLevel: 5,
      maxRating: 5,
      thresholdMinor: '0',
      minCreditE6: '0',
      currency: 'CNY',
      currencyDecimals: 2,
      endorsementRangeBlocks: 100,
      endorsementQuorum: 1,
    },
    SUPERVISOR,
  );
  for (const operatorId of ['TELD', 'STAR']) await foundOperator(writer, operatorId);
  for (const evId of ['ev1', 'ev2', 'ev3']) {
    await writer.write('OpenAccount', { evId, operatorId: 'TELD' }, operator('TELD'), [evId]);
    await writer.write('Deposit', { evId, amountMinor: '10000', reference: `first-${evId}` }, treasurer('TELD'), [
      evId,
    ]);
  }
}

async function foundOperator(writer: LedgerWriter, operatorId: string): Promise<void> {
  await writer.write('RegisterOperator', { operatorId, name: operatorId }, SUPERVISOR);
  const price = {
    priceId: `p-${operatorId}`,
    fromMinute: 0,
    toMinute: 1440,
    weekdayMask: 127,
    validFromMs: 0,
    validToMs: null,
    ...PRICE,
  };
  const publishedAtMs = Date.now();
  await writer.write(
    'PublishTariff',
    { tariffId: `t-${operatorId}`, operatorId, prices: [price], publishedAtMs },
    operator(operatorId),
  );
  await writer.write(
    'RegisterStation',
    {
      stationId: `cs-${operatorId}`,
      operatorId,
      name: `Station of ${operatorId}`,
      peerNode: 'node1',
      tariffId: `t-${operatorId}`,
      latE6: 39_000_000,
      lonE6: 117_000_000,
      offsets: [{ fromMs: 0, offsetMinutes: 480 }],
      piles: [{ type: 'DC', count: 2 }],
    },
    operator(operatorId),
  );
}

export interface FactOverrides {
  readonly settlementId?: string;
  readonly revision?: number;
  readonly operatorId?: string;
  readonly stationId?: string;
  readonly evId?: string;
  readonly energyWh?: number;
  readonly meterStopWh?: number | null;
  readonly holdReason?: string;
  readonly holdUntil?: Date;
}

/** Writes the facts of one closed session of 10 kWh, as csms would. @returns its settlement id. */
export async function publishFact(owner: pg.Pool, overrides: FactOverrides = {}): Promise<string> {
  const [settlementId] = await publishFacts(owner, [overrides]);
  return settlementId ?? '';
}

export async function publishFacts(owner: pg.Pool, facts: readonly FactOverrides[]): Promise<string[]> {
  const rows = facts.map((fact) => ({
    settlement_id: fact.settlementId ?? randomUUID(),
    revision: fact.revision ?? 1,
    operator_id: fact.operatorId ?? 'TELD',
    station_id: fact.stationId ?? `cs-${fact.operatorId ?? 'TELD'}`,
    ev_id: fact.evId ?? 'ev1',
    meter_stop_wh: fact.meterStopWh === undefined ? 1000 + (fact.energyWh ?? 10_000) : fact.meterStopWh,
    hold_reason: fact.holdReason ?? null,
    hold_until: fact.holdUntil ?? null,
  }));
  await owner.query(
    `insert into csms.fact (settlement_id, revision, operator_id, station_id, charge_point_id, connector_id, transaction_id, ev_id,
       user_operator_id, meter_start_wh, meter_stop_wh, readings, started_at, ended_at, evidence_sha256, close_kind, hold_reason, hold_until)
     select settlement_id, revision, operator_id, station_id, 'cp1', 1, 4711, ev_id, 'TELD', 1000, meter_stop_wh, '[]',
       '2026-03-01T02:00:00Z', '2026-03-01T03:00:00Z', repeat('ab', 32), 'stopped', hold_reason, hold_until
     from jsonb_to_recordset($1) as f(settlement_id uuid, revision int, operator_id text, station_id text, ev_id text,
       meter_stop_wh bigint, hold_reason text, hold_until timestamptz)`,
    [JSON.stringify(rows)],
  );
  return rows.map((row) => row.settlement_id);
}
