import type { PageView } from '@tallywatt/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Scope } from '../api/auth/scope.js';
import {
  PileRegistry,
  type NewChargePoint,
  type PileSettings,
  type PilesQuery,
  type StoredChargePointView,
} from '../piles/pile-registry.js';
import type { PgChargePointStore } from './charge-point.pg.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

const time = z.date().nullable();
const connector = z.object({
  connectorId: z.number(),
  ratedPowerW: z.number(),
  type: z.string(),
  status: z.string().nullable(),
  errorCode: z.string().nullable(),
  statusAtMs: z.number().nullable(),
});
const row = z.object({
  charge_point_id: z.string(),
  operator_id: z.string(),
  station_id: z.string(),
  clock: z.enum(['live', 'recorded']),
  simulated: z.boolean(),
  strict: z.boolean(),
  vendor: z.string().nullable(),
  model: z.string().nullable(),
  firmware_version: z.string().nullable(),
  last_heartbeat_at: time,
  last_seen_at: time,
  connectors: z.array(connector),
  flags: z.record(z.string(), z.number()),
});
const cursorKey = z.tuple([z.string().max(48)]);

const SELECT = `
  select p.charge_point_id, p.operator_id, p.station_id, p.clock, p.simulated, p.strict, p.vendor, p.model,
         p.firmware_version, p.last_heartbeat_at, p.last_seen_at,
         coalesce((
           select json_agg(json_build_object(
             'connectorId', c.connector_id, 'ratedPowerW', c.rated_power_w, 'type', c.type, 'status', s.status,
             'errorCode', s.error_code, 'statusAtMs', floor(extract(epoch from s.status_at) * 1000)) order by c.connector_id)
           from csms.connector c left join csms.connector_status s using (charge_point_id, connector_id)
           where c.charge_point_id = p.charge_point_id), '[]') as connectors,
         coalesce((select json_object_agg(f.flag, f.count) from csms.station_flag f
                   where f.charge_point_id = p.charge_point_id), '{}') as flags
  from csms.charge_point p`;

/** $1: operator that the caller is limited to, or null. */
const VISIBLE = '($1::text is null or p.operator_id = $1)';
const FILTERED = `${VISIBLE} and ($2::text is null or p.operator_id = $2) and ($3::text is null or p.station_id = $3)`;

const INSERT = `
  with pile as (
    insert into csms.charge_point (charge_point_id, operator_id, station_id, clock, simulated, strict,
      subprotocol_optional, security_profile, credential_scheme, credential_digest, credential_salt)
    values ($1, $2, $3, $4, $5, $6, $7, $8, 'hmac', $9, $10)
    on conflict do nothing returning charge_point_id)
  insert into csms.connector (charge_point_id, connector_id, rated_power_w, type)
  select pile.charge_point_id, c.connector_id, c.rated_power_w, c.type
  from pile, unnest($11::integer[], $12::integer[], $13::text[]) as c (connector_id, rated_power_w, type)`;

export class PgPileRegistry extends PileRegistry {
  constructor(
    private readonly pool: Pool,
    private readonly cache: Pick<PgChargePointStore, 'invalidate'>,
  ) {
    super();
  }

  async insert(pile: NewChargePoint): Promise<boolean> {
    const parties = [pile.id, pile.operatorId, pile.stationId, pile.clock, pile.simulated, pile.strict];
    const access = [pile.subprotocolOptional, pile.securityProfile, pile.credentialDigest, pile.credentialSalt];
    const { connectors } = pile;
    const { rowCount } = await this.pool.query(INSERT, [
      ...parties,
      ...access,
      connectors.map(({ connectorId }) => connectorId),
      connectors.map(({ ratedPowerW }) => ratedPowerW),
      connectors.map(({ type }) => type),
    ]);
    this.cache.invalidate(pile.id);
    return (rowCount ?? 0) > 0;
  }

  async replaceCredential(operatorId: string, chargePointId: string, digest: Buffer, salt: Buffer): Promise<boolean> {
    const sql = `update csms.charge_point
      set credential_scheme = 'hmac', credential_digest = $3, credential_salt = $4, updated_at = now()
      where charge_point_id = $1 and operator_id = $2`;
    return this.update(chargePointId, sql, [chargePointId, operatorId, digest, salt]);
  }

  async updateSettings(operatorId: string, chargePointId: string, settings: PileSettings): Promise<boolean> {
    const sql = `update csms.charge_point
      set strict = coalesce($3, strict), subprotocol_optional = coalesce($4, subprotocol_optional),
          security_profile = coalesce($5, security_profile), updated_at = now()
      where charge_point_id = $1 and operator_id = $2`;
    const { strict, subprotocolOptional, securityProfile } = settings;
    const values = [chargePointId, operatorId, strict ?? null, subprotocolOptional ?? null, securityProfile ?? null];
    return this.update(chargePointId, sql, values);
  }

  async find(scope: Scope, chargePointId: string): Promise<StoredChargePointView | undefined> {
    if (scope.kind === 'driver') return undefined;
    const sql = `${SELECT} where ${VISIBLE} and p.charge_point_id = $2`;
    const { rows } = await this.pool.query<object>(sql, [operatorOf(scope), chargePointId]);
    return rows.length === 0 ? undefined : present(row.parse(rows[0]));
  }

  async list(scope: Scope, query: PilesQuery): Promise<PageView<StoredChargePointView>> {
    if (scope.kind === 'driver') return { data: [], nextCursor: null };
    const filter = [operatorOf(scope), query.operatorId ?? null, query.stationId ?? null];
    const after = query.cursor === undefined ? null : decodeCursor(query.cursor, cursorKey)[0];
    const { rows } = await this.pool.query<object>(
      `${SELECT} where ${FILTERED} and ($4::text is null or p.charge_point_id > $4) order by p.charge_point_id limit $5`,
      [...filter, after, query.limit + 1],
    );
    const data = rows.slice(0, query.limit).map((found) => present(row.parse(found)));
    const last = data.at(-1);
    const nextCursor = rows.length > query.limit && last !== undefined ? encodeCursor([last.id]) : null;
    return { data, nextCursor, ...(query.count === true ? { total: await this.count(filter) } : {}) };
  }

  private async count(filter: readonly unknown[]): Promise<number> {
    const sql = `select count(*) as total from csms.charge_point p where ${FILTERED}`;
    return Number((await this.pool.query<{ total: string }>(sql, [...filter])).rows[0]?.total);
  }

  private async update(chargePointId: string, sql: string, values: unknown[]): Promise<boolean> {
    const { rowCount } = await this.pool.query(sql, values);
    this.cache.invalidate(chargePointId);
    return rowCount === 1;
  }
}

function operatorOf(scope: Exclude<Scope, { kind: 'driver' }>): string | null {
  return scope.kind === 'all' ? null : scope.organisation;
}

function present(found: z.output<typeof row>): StoredChargePointView {
  const { clock, simulated, strict, vendor, model, flags } = found;
  return {
    id: found.charge_point_id,
    operatorId: found.operator_id,
    stationId: found.station_id,
    lastHeartbeatAt: found.last_heartbeat_at?.toISOString() ?? null,
    lastSeenAt: found.last_seen_at?.toISOString() ?? null,
    clock,
    simulated,
    strict,
    vendor,
    model,
    firmwareVersion: found.firmware_version,
    connectors: found.connectors.map(({ statusAtMs, ...rest }) => ({
      ...rest,
      statusAt: statusAtMs === null ? null : new Date(statusAtMs).toISOString(),
    })),
    flags,
  };
}
