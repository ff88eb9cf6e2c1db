import type { Pool } from 'pg';
import { z } from 'zod';
import { IdempotencyStore, type IdempotencyBegin, type IdempotencyUse } from '../api/idempotency.store.js';

const keyRow = z.object({ same_input: z.boolean(), answered: z.boolean(), answer: z.unknown() });

/** Takes a key that is new, or whose holder failed or died; answers no row when it is held or answered. */
const TAKE = `
  insert into csms.idempotency_key as k (organisation, key, input_sha256, lease_until)
  values ($1, $2, $3, now() + $4 * interval '1 millisecond')
  on conflict (organisation, key) do update set lease_until = excluded.lease_until
    where k.answered_at is null and k.lease_until <= now() and k.input_sha256 = excluded.input_sha256
  returning 1`;

const LOOK = `
  select input_sha256 = $3 as same_input, answered_at is not null as answered, answer
  from csms.idempotency_key where organisation = $1 and key = $2`;

export class PgIdempotencyStore extends IdempotencyStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async begin({ organisation, key, inputDigest }: IdempotencyUse, leaseMs: number): Promise<IdempotencyBegin> {
    const taken = await this.pool.query(TAKE, [organisation, key, inputDigest, leaseMs]);
    if (taken.rowCount === 1) return { type: 'run' };
    const found = keyRow.parse((await this.pool.query<object>(LOOK, [organisation, key, inputDigest])).rows[0]);
    if (!found.same_input) return { type: 'other-input' };
    return found.answered ? { type: 'answered', answer: found.answer } : { type: 'in-flight' };
  }

  async complete({ organisation, key }: IdempotencyUse, answer: unknown): Promise<void> {
    const sql = `update csms.idempotency_key set answer = $3, answered_at = now() where organisation = $1 and key = $2`;
    await this.pool.query(sql, [organisation, key, JSON.stringify(answer ?? null)]);
  }

  async release({ organisation, key }: IdempotencyUse): Promise<void> {
    const sql = `update csms.idempotency_key set lease_until = now()
                 where organisation = $1 and key = $2 and answered_at is null`;
    await this.pool.query(sql, [organisation, key]);
  }
}
