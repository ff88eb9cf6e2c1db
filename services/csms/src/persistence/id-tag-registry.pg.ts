import type { IdTagView } from '@tallywatt/contracts';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { IdTagRegistry, type IdTagAccount, type NewIdTag } from '../api/accounts/id-tag-registry.js';
import type { Scope } from '../api/auth/scope.js';

const row = z.object({
  id_tag: z.string(),
  ev_id: z.string(),
  operator_id: z.string(),
  expires_at: z.date().nullable(),
  max_concurrent_sessions: z.number(),
});

const UPSERT_ACCOUNT = `
  insert into csms.account as a (ev_id, operator_id, max_concurrent_sessions) values ($1, $2, coalesce($3::integer, 1))
  on conflict (ev_id) do update set max_concurrent_sessions = coalesce($3::integer, a.max_concurrent_sessions)
    where a.operator_id = excluded.operator_id
  returning 1`;

/** idTags are CiStrings: the key is lower case. A tag that belongs to another account gives no row. */
const UPSERT_TAGS = `
  insert into csms.id_tag as t (id_tag_key, id_tag, ev_id, operator_id, expires_at)
  select distinct on (lower(n.id_tag)) lower(n.id_tag), n.id_tag, $1, $2, n.expires_at
  from unnest($3::text[], $4::timestamptz[]) as n (id_tag, expires_at)
  on conflict (id_tag_key) do update set expires_at = excluded.expires_at where t.ev_id = excluded.ev_id
  returning id_tag_key`;

const SELECT = `
  select t.id_tag, t.ev_id, t.operator_id, t.expires_at, a.max_concurrent_sessions
  from csms.id_tag t join csms.account a using (ev_id)
  where ($1::text is null or t.operator_id = $1) and ($2::text is null or t.ev_id = $2)`;

export class PgIdTagRegistry extends IdTagRegistry {
  constructor(private readonly pool: Pool) {
    super();
  }

  async link(account: IdTagAccount, tags: readonly NewIdTag[]): Promise<readonly string[]> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const taken = await linkWithin(client, account, tags);
      await client.query(taken.length === 0 ? 'commit' : 'rollback');
      return taken;
    } catch (fault) {
      await client.query('rollback').catch(() => undefined);
      throw fault;
    } finally {
      client.release();
    }
  }

  async find(scope: Scope, idTag: string): Promise<IdTagView | undefined> {
    return (await this.select(scope, 't.id_tag_key = lower($3)', idTag))[0];
  }

  async listOf(scope: Scope, evId: string): Promise<readonly IdTagView[]> {
    return this.select(scope, 't.ev_id = $3', evId);
  }

  private async select(scope: Scope, condition: string, value: string): Promise<IdTagView[]> {
    const operatorId = scope.kind === 'organisation' ? scope.organisation : null;
    const evId = scope.kind === 'driver' ? scope.evId : null;
    const sql = `${SELECT} and ${condition} order by t.id_tag_key`;
    const { rows } = await this.pool.query<object>(sql, [operatorId, evId, value]);
    return rows.map((found) => present(row.parse(found)));
  }
}

async function linkWithin(client: PoolClient, account: IdTagAccount, tags: readonly NewIdTag[]): Promise<string[]> {
  const { evId, operatorId, maxConcurrentSessions } = account;
  const own = await client.query(UPSERT_ACCOUNT, [evId, operatorId, maxConcurrentSessions]);
  if (own.rowCount === 0) return tags.map(({ idTag }) => idTag);
  const names = tags.map(({ idTag }) => idTag);
  const expiries = tags.map(({ expiresAt }) => expiresAt);
  const { rows } = await client.query<{ id_tag_key: string }>(UPSERT_TAGS, [evId, operatorId, names, expiries]);
  const linked = new Set(rows.map((found) => found.id_tag_key));
  return names.filter((idTag) => !linked.has(idTag.toLowerCase()));
}

function present(found: z.output<typeof row>): IdTagView {
  return {
    idTag: found.id_tag,
    evId: found.ev_id,
    operatorId: found.operator_id,
    expiresAt: found.expires_at?.toISOString() ?? null,
    maxConcurrentSessions: found.max_concurrent_sessions,
  };
}
