import { createHash, createHmac } from 'node:crypto';
import type { Prng } from '../support/prng.js';
import { Prng as Seeded } from '../support/prng.js';
import { HonestCharger } from './honest-charger.js';
import type { FuzzPile } from './pile-run.js';

/** Runs one statement as the owner of the database. */
export type Sql = (text: string, values?: readonly unknown[]) => Promise<object[]>;

export interface PileKind {
  readonly name: 'garbage' | 'strict' | 'live' | 'mixed' | 'honest';
  readonly clock: 'live' | 'recorded';
  readonly strict: boolean;
  /** Share of honest messages among its frames; undefined = nobody is honest there. */
  readonly honestShare?: number;
  /** Part of the frames; a live clock allows 20 messages a second only. */
  readonly weight: number;
  readonly count: number;
}

/** Every kind of pile that matters: lenient, strict, with a clock of its own, and honest ones beside and among them. */
export const KINDS: readonly PileKind[] = [
  { name: 'garbage', clock: 'recorded', strict: false, weight: 100, count: 14 },
  { name: 'strict', clock: 'recorded', strict: true, weight: 100, count: 4 },
  { name: 'live', clock: 'live', strict: false, weight: 1, count: 2 },
  { name: 'mixed', clock: 'recorded', strict: false, honestShare: 0.06, weight: 100, count: 10 },
  { name: 'honest', clock: 'recorded', strict: false, honestShare: 1, weight: 4, count: 4 },
];

export interface WorldPile extends FuzzPile {
  readonly kind: PileKind;
  readonly key: Buffer;
}

export const OPERATOR = 'TELD';
const KEY_BYTES = 20;
const SALT = Buffer.alloc(16, 7);

/** More piles at once share more commits; fewer have longer histories. */
const FRAMES_PER_SCALE = 8_000;
export const SCALE_MAX = 6;

/** The piles of a run, named by their kind. */
export function pilesOf({ seed, frames }: { readonly seed: number; readonly frames: number }): WorldPile[] {
  const scale = Math.min(SCALE_MAX, Math.max(1, Math.round(frames / FRAMES_PER_SCALE)));
  return KINDS.flatMap((kind, row) =>
    Array.from({ length: kind.count * scale }, (_, index) => {
      const chargePointId = `FUZZ-${kind.name}-${index}`;
      const random: Prng = new Seeded(seed * 7_919 + row * 1_009 + index);
      const honest =
        kind.honestShare === undefined ? undefined : new HonestCharger(chargePointId, honestTag(chargePointId), random);
      const key = createHash('sha256').update(chargePointId).digest().subarray(0, KEY_BYTES);
      return {
        kind,
        chargePointId,
        key,
        fuzzTag: `EV-F-${kind.name}-${index}`,
        honest,
        honestShare: kind.honestShare ?? 0,
      };
    }),
  );
}

/** Both drivers of a pile have tags that are named like their accounts. */
export function tagsOf(piles: readonly WorldPile[]): string[] {
  const tags = piles.flatMap(({ chargePointId, fuzzTag, honest }) =>
    honest === undefined ? [fuzzTag] : [fuzzTag, honestTag(chargePointId)],
  );
  return [...new Set(tags)];
}

function honestTag(chargePointId: string): string {
  return `EV-${chargePointId}`;
}

/** Registers the piles with two connectors each, in two statements; their keys guard nothing but this run. */
export async function registerPiles(
  sql: Sql,
  pepper: Buffer,
  stationId: string,
  piles: readonly WorldPile[],
): Promise<void> {
  const ids = piles.map(({ chargePointId }) => chargePointId);
  const digests = piles.map(({ key }) => createHmac('sha256', pepper).update(SALT).update(key).digest());
  const clocks = piles.map(({ kind }) => kind.clock);
  const stricts = piles.map(({ kind }) => kind.strict);
  await sql(
    `insert into csms.charge_point (charge_point_id, operator_id, station_id, clock, simulated, strict, credential_digest, credential_salt)
     select id, $1, $2, clock, clock = 'recorded', strict, digest, $3
     from unnest($4::text[], $5::text[], $6::boolean[], $7::bytea[]) as x(id, clock, strict, digest)`,
    [OPERATOR, stationId, SALT, ids, clocks, stricts, digests],
  );
  await sql(
    `insert into csms.connector (charge_point_id, connector_id, rated_power_w, type)
     select id, connector_id, 120000, 'DC' from unnest($1::text[]) as x(id), generate_series(1, 2) as connector_id`,
    [ids],
  );
}
