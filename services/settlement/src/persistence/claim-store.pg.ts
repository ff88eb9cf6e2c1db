import { type Claim, ClaimStore, type Decision, type Ruling } from '../intake/claim-store.js';
import type { SettlementFacts } from '../intake/settlement-facts.js';
import type { Database, Sql } from './database.js';
import { instantText, instantTextOrNull, recordset } from './sql-values.js';
import { appendSteps } from './steps.pg.js';

const CLAIM_COLUMNS = `settlement_id text, facts_revision int, operator_id text, station_id text, charge_point_id text, connector_id int,
  transaction_id bigint, ev_id text, user_operator_id text, meter_start_wh bigint, meter_stop_wh bigint, started_at timestamptz,
  ended_at timestamptz, evidence_sha256 text, hold_until timestamptz, state text, code text, lines jsonb, total_minor bigint`;

/** A newer revision replaces what waits; what is under way or done keeps the facts that it was made from. */
const SAVE = `
  insert into settlement.settlement as s (settlement_id, facts_revision, operator_id, station_id, charge_point_id, connector_id,
    transaction_id, ev_id, user_operator_id, meter_start_wh, meter_stop_wh, started_at, ended_at, evidence_sha256, hold_until,
    state, code, lines, total_minor, claimed_at, updated_at)
  select c.settlement_id, c.facts_revision, c.operator_id, c.station_id, c.charge_point_id, c.connector_id,
    c.transaction_id, c.ev_id, c.user_operator_id, c.meter_start_wh, c.meter_stop_wh, c.started_at, c.ended_at, c.evidence_sha256,
    c.hold_until, c.state, c.code, c.lines, c.total_minor, $2, $2
  from rows from (jsonb_to_recordset($1) as (${CLAIM_COLUMNS})) with ordinality c
  order by c.ordinality
  on conflict (settlement_id) do update set
    facts_revision = excluded.facts_revision, operator_id = excluded.operator_id, station_id = excluded.station_id,
    charge_point_id = excluded.charge_point_id, connector_id = excluded.connector_id, transaction_id = excluded.transaction_id,
    ev_id = excluded.ev_id, user_operator_id = excluded.user_operator_id, meter_start_wh = excluded.meter_start_wh,
    meter_stop_wh = excluded.meter_stop_wh, started_at = excluded.started_at, ended_at = excluded.ended_at,
    evidence_sha256 = excluded.evidence_sha256, hold_until = excluded.hold_until, state = excluded.state, code = excluded.code,
    lines = excluded.lines, total_minor = excluded.total_minor, updated_at = excluded.updated_at
  where s.state in ('pending', 'quarantined') and s.facts_revision < excluded.facts_revision
  returning settlement_id`;

export class PgClaimStore extends ClaimStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async mark(): Promise<bigint> {
    const [row] = await this.database.rows<{ change_seq: string }>('select change_seq from settlement.intake_mark');
    return BigInt(row?.change_seq ?? 0);
  }

  override async known(
    facts: readonly Pick<SettlementFacts, 'settlementId' | 'revision'>[],
  ): Promise<ReadonlySet<string>> {
    const rows = await this.database.rows<{ settlement_id: string }>(
      `select s.settlement_id from unnest($1::text[], $2::int[]) f(settlement_id, revision)
       join settlement.settlement s using (settlement_id) where s.facts_revision >= f.revision`,
      [facts.map((fact) => fact.settlementId), facts.map((fact) => fact.revision)],
    );
    return new Set(rows.map((row) => row.settlement_id));
  }

  override async claimed(settlementIds: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.database.rows<{ settlement_id: string }>(
      'select settlement_id from settlement.settlement where settlement_id = any($1)',
      [settlementIds],
    );
    return new Set(rows.map((row) => row.settlement_id));
  }

  override async save(claims: readonly Claim[], nowMs: number, mark?: bigint): Promise<Claim[]> {
    return this.database.transaction(async (sql) => {
      const saved = claims.length === 0 ? [] : await saveClaims(sql, claims, nowMs);
      if (mark !== undefined) {
        await sql.rows('update settlement.intake_mark set change_seq = greatest(change_seq, $1)', [mark]);
      }
      await appendRulings(sql, saved, nowMs);
      return saved;
    });
  }

  override async holdsOver(nowMs: number, limit: number): Promise<string[]> {
    const rows = await this.database.rows<{ settlement_id: string }>(
      `select settlement_id from settlement.settlement
       where state = 'quarantined' and hold_until is not null and hold_until <= $1 order by hold_until limit $2`,
      [instantText(nowMs), limit],
    );
    return rows.map((row) => row.settlement_id);
  }

  override async endHolds(claims: readonly Claim[], nowMs: number): Promise<Claim[]> {
    if (claims.length === 0) return [];
    return this.database.transaction(async (sql) => {
      const rows = await sql.rows<{ settlement_id: string }>(
        `update settlement.settlement s set state = c.state, code = c.code, lines = c.lines, total_minor = c.total_minor,
           hold_until = null, updated_at = $2
         from jsonb_to_recordset($1) as c(${CLAIM_COLUMNS})
         where s.settlement_id = c.settlement_id and s.facts_revision = c.facts_revision
           and s.state = 'quarantined' and s.hold_until <= $2
         returning s.settlement_id`,
        [recordset(claims.map(claimRow)), instantText(nowMs)],
      );
      const changed = pick(claims, rows);
      await appendRulings(sql, changed, nowMs);
      return changed;
    });
  }

  override async decide(decision: Decision, ruling: Ruling | 'dropped', nowMs: number): Promise<boolean> {
    return this.database.transaction(async (sql) => {
      if (!(await applyDecision(sql, decision, ruling, nowMs))) return false;
      await sql.rows(
        `insert into settlement.settlement_decision
           (settlement_id, decision, meter_stop_wh, reason, decided_by, organisation, decided_at)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          decision.settlementId,
          decision.decision,
          decision.meterStopWh,
          decision.reason,
          decision.decidedBy,
          decision.organisation,
          instantText(nowMs),
        ],
      );
      await appendSteps(sql, [{ settlementId: decision.settlementId, ...effectOf(ruling) }], nowMs);
      return true;
    });
  }
}

async function saveClaims(sql: Sql, claims: readonly Claim[], nowMs: number): Promise<Claim[]> {
  const rows = await sql.rows<{ settlement_id: string }>(SAVE, [recordset(claims.map(claimRow)), instantText(nowMs)]);
  return pick(claims, rows);
}

async function applyDecision(
  sql: Sql,
  decision: Decision,
  ruling: Ruling | 'dropped',
  nowMs: number,
): Promise<boolean> {
  const effect = effectOf(ruling);
  const rows = await sql.rows(
    `update settlement.settlement set state = $2, code = $3, lines = coalesce($4::jsonb, lines),
       total_minor = coalesce($5, total_minor), meter_stop_wh = coalesce($6, meter_stop_wh), hold_until = null,
       attempt = case when state = 'invalid' then attempt + 1 else attempt end, next_attempt_at = '-infinity', updated_at = $7
     where settlement_id = $1 and state in ('quarantined', 'invalid') returning settlement_id`,
    [
      decision.settlementId,
      effect.state,
      effect.code,
      effect.lines === null ? null : JSON.stringify(effect.lines),
      effect.totalMinor,
      decision.meterStopWh,
      instantText(nowMs),
    ],
  );
  return rows.length === 1;
}

function effectOf(ruling: Ruling | 'dropped') {
  if (ruling === 'dropped') return { state: 'dropped', code: null, lines: null, totalMinor: null } as const;
  if (ruling.state === 'quarantined')
    return { state: 'quarantined', code: ruling.code, lines: null, totalMinor: null } as const;
  return { state: 'pending', code: null, lines: ruling.lines, totalMinor: ruling.totalMinor } as const;
}

function claimRow({ facts, ruling }: Claim): object {
  const effect = effectOf(ruling);
  return {
    settlement_id: facts.settlementId,
    facts_revision: facts.revision,
    operator_id: facts.operatorId,
    station_id: facts.stationId,
    charge_point_id: facts.chargePointId,
    connector_id: facts.connectorId,
    transaction_id: facts.transactionId,
    ev_id: facts.evId,
    user_operator_id: facts.userOperatorId,
    meter_start_wh: facts.meterStartWh.toString(),
    meter_stop_wh: facts.meterStopWh?.toString() ?? null,
    started_at: instantText(facts.startMs),
    ended_at: instantText(facts.endMs),
    evidence_sha256: facts.evidenceSha256,
    hold_until: ruling.state === 'quarantined' ? instantTextOrNull(facts.holdUntilMs) : null,
    state: effect.state,
    code: effect.code,
    lines: effect.lines,
    total_minor: effect.totalMinor?.toString() ?? null,
  };
}

function pick(claims: readonly Claim[], rows: readonly { readonly settlement_id: string }[]): Claim[] {
  const changed = new Set(rows.map((row) => row.settlement_id));
  return claims.filter((claim) => changed.has(claim.facts.settlementId));
}

async function appendRulings(sql: Sql, claims: readonly Claim[], nowMs: number): Promise<void> {
  const steps = claims.map(({ facts, ruling }) => ({ settlementId: facts.settlementId, ...effectOf(ruling) }));
  await appendSteps(sql, steps, nowMs);
}
