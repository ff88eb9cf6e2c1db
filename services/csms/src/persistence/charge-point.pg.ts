import type { Pool } from 'pg';
import { z } from 'zod';
import { andThen, type Eventually } from '../ocpp/eventually.js';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { ChargePointStore, type ChargePoint, type ChargePointCredential } from '../piles/charge-point.js';
import { isOutage } from './database.js';

/** Another instance may register, switch or rotate: its change is seen here after this time. */
export const CHARGE_POINT_CACHE_MS = 10_000;
/** More piles than one process serves; beyond it the cache starts anew. */
export const CHARGE_POINT_CACHE_MAX = 20_000;

const row = z.object({
  charge_point_id: z.string(),
  operator_id: z.string(),
  station_id: z.string(),
  clock: z.enum(['live', 'recorded']),
  simulated: z.boolean(),
  strict: z.boolean(),
  subprotocol_optional: z.boolean(),
  security_profile: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  credential_scheme: z.enum(['hmac', 'scrypt']),
  credential_digest: z.instanceof(Buffer),
  credential_salt: z.instanceof(Buffer),
  connectors: z.array(z.object({ connectorId: z.number(), ratedPowerW: z.number(), type: z.string() })),
});

const SELECT = `
  select charge_point_id, operator_id, station_id, clock, simulated, strict, subprotocol_optional, security_profile,
         credential_scheme, credential_digest, credential_salt,
         coalesce((select json_agg(json_build_object('connectorId', connector_id, 'ratedPowerW', rated_power_w, 'type', type)
                                   order by connector_id)
                   from csms.connector c where c.charge_point_id = p.charge_point_id), '[]') as connectors
  from csms.charge_point p where charge_point_id = $1`;

interface Loaded {
  readonly chargePoint: ChargePoint;
  readonly credential: ChargePointCredential;
}
interface Cached {
  /** The read until it has answered. */
  loaded: Eventually<Loaded | undefined>;
  readonly untilMs: number;
}

/** Registered piles for every message that arrives: one read per pile and {@link CHARGE_POINT_CACHE_MS}. */
export class PgChargePointStore extends ChargePointStore {
  private readonly cache = new Map<string, Cached>();

  constructor(
    private readonly pool: Pool,
    private readonly nowMs: () => number = Date.now,
    private readonly sizeMax = CHARGE_POINT_CACHE_MAX,
  ) {
    super();
  }

  find(chargePointId: string): Eventually<ChargePoint | undefined> {
    return andThen(this.cached(chargePointId), chargePointOf);
  }

  async findCredential(chargePointId: string): Promise<ChargePointCredential | undefined> {
    return (await this.cached(chargePointId))?.credential;
  }

  /** After a change in this process the next look-up reads again. */
  invalidate(chargePointId: string): void {
    this.cache.delete(chargePointId);
  }

  /** Look-ups at the same time share one read; unknown ids and failures are not remembered. */
  private cached(chargePointId: string): Eventually<Loaded | undefined> {
    const known = this.cache.get(chargePointId);
    if (known !== undefined && known.untilMs > this.nowMs()) return known.loaded;
    if (this.cache.size >= this.sizeMax) this.cache.clear();
    const entry: Cached = { loaded: undefined, untilMs: this.nowMs() + CHARGE_POINT_CACHE_MS };
    this.cache.set(chargePointId, entry);
    entry.loaded = this.load(chargePointId).then(
      (loaded) => {
        if (loaded === undefined) this.forget(chargePointId, entry);
        return (entry.loaded = loaded);
      },
      (fault: unknown) => {
        this.forget(chargePointId, entry);
        // The router answers an outage by closing the socket; a plain fault would look like one pile's trouble.
        throw isOutage(fault) ? new StoreUnavailableError('the database is not reachable', { cause: fault }) : fault;
      },
    );
    return entry.loaded;
  }

  /** A newer read may have taken its place. */
  private forget(chargePointId: string, entry: Cached): void {
    if (this.cache.get(chargePointId) === entry) this.cache.delete(chargePointId);
  }

  private async load(chargePointId: string): Promise<Loaded | undefined> {
    const { rows } = await this.pool.query<object>({ name: 'charge_point', text: SELECT, values: [chargePointId] });
    return rows.length === 0 ? undefined : present(row.parse(rows[0]));
  }
}

function chargePointOf(loaded: Loaded | undefined): ChargePoint | undefined {
  return loaded?.chargePoint;
}

function present(found: z.output<typeof row>): Loaded {
  const chargePointId = found.charge_point_id;
  const { clock, simulated, strict, connectors } = found;
  return {
    chargePoint: {
      chargePointId,
      operatorId: found.operator_id,
      stationId: found.station_id,
      connectors,
      clock,
      simulated,
      strict,
      subprotocolOptional: found.subprotocol_optional,
      securityProfile: found.security_profile,
    },
    credential: {
      chargePointId,
      scheme: found.credential_scheme,
      digest: found.credential_digest,
      salt: found.credential_salt,
    },
  };
}
