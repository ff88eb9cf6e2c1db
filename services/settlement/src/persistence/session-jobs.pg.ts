import type { SettlementState } from '@tallywatt/contracts';
import type { Job } from '../reconciliation/session-case.js';
import type { AsOf } from '../reconciliation/session-source.js';
import type { Sql } from './database.js';
import { bigintOrNull, instantText } from './sql-values.js';

interface Row {
  readonly settlement_id: string;
  readonly facts_revision: number;
  readonly operator_id: string;
  readonly station_id: string;
  readonly ev_id: string;
  readonly user_operator_id: string;
  readonly meter_start_wh: string;
  readonly meter_stop_wh: string | null;
  readonly started_at: Date;
  readonly ended_at: Date;
  readonly evidence_sha256: string;
  readonly lines: Job['lines'];
  readonly total_minor: string | null;
  readonly state: SettlementState;
  readonly code: string | null;
  readonly tx_id: string | null;
  readonly claimed_at: Date;
  readonly ready_at: Date | null;
  readonly was_held: boolean;
}

/**
 * Settlement rows as of a moment. `final` belongs to its block; every other state to the step that wrote it. A row that
 * had no step by then was not there.
 */
const JOBS = `
  select s.settlement_id, s.facts_revision, s.operator_id, s.station_id, s.ev_id, s.user_operator_id, s.meter_start_wh, s.meter_stop_wh,
    s.started_at, s.ended_at, s.evidence_sha256, s.lines, s.total_minor, s.claimed_at, then_.state, then_.code, then_.tx_id,
    ready.at as ready_at, held.seq is not null as was_held
  from settlement.settlement s
  cross join lateral (
    select 'final' as state, null as code, s.tx_id where s.state = 'final' and s.block_number <= $3
    union all
    (select p.state, p.code, p.tx_id from settlement.step p
      where p.settlement_id = s.settlement_id and p.at <= $2 and p.state <> 'final' order by p.seq desc limit 1)
    limit 1) then_
  left join lateral (
    select max(p.seq) as seq from settlement.step p
    where p.settlement_id = s.settlement_id and p.state = 'quarantined' and p.at <= $2) held on true
  left join lateral (
    select min(p.at) as at from settlement.step p
    where p.settlement_id = s.settlement_id and p.state = 'pending' and p.at <= $2 and p.seq > coalesce(held.seq, 0)) ready on true
  where s.settlement_id = any($1)`;

export async function caseJobs(sql: Sql, ids: readonly string[], asOf: AsOf): Promise<ReadonlyMap<string, Job>> {
  const rows = await sql.rows<Row>(JOBS, [ids, instantText(asOf.ms), asOf.block]);
  return new Map(rows.map((row) => [row.settlement_id, jobOf(row)]));
}

function jobOf(row: Row): Job {
  return {
    settlementId: row.settlement_id,
    factsRevision: row.facts_revision,
    evId: row.ev_id,
    userOperatorId: row.user_operator_id,
    stationId: row.station_id,
    operatorId: row.operator_id,
    startMs: row.started_at.getTime(),
    endMs: row.ended_at.getTime(),
    meterStartWh: BigInt(row.meter_start_wh),
    meterStopWh: bigintOrNull(row.meter_stop_wh),
    evidenceSha256: row.evidence_sha256,
    state: row.state,
    code: row.code,
    lines: row.lines,
    totalMinor: bigintOrNull(row.total_minor),
    txId: row.tx_id,
    readyAtMs: (row.ready_at ?? row.claimed_at).getTime(),
    wasHeld: row.was_held,
  };
}
