import { ROLES, type Principal } from '@tallywatt/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { ApiUserStore, type ApiUser, type NewApiUser } from '../api/auth/api-user.store.js';

const userRow = z.object({
  user_id: z.string(),
  role: z.enum(ROLES),
  organisation: z.string(),
  name: z.string(),
  ev_id: z.string().nullable(),
});
const COLUMNS = 'user_id, role, organisation, name, ev_id';

export class PgApiUserStore extends ApiUserStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async findByTokenDigest(digest: Buffer): Promise<ApiUser | undefined> {
    const sql = `select ${COLUMNS} from csms.api_user
                 where token_sha256 = $1 and revoked_at is null and (expires_at is null or expires_at > now())`;
    return firstUser((await this.pool.query<object>({ name: 'api_user_by_token', text: sql, values: [digest] })).rows);
  }

  async findByName(principal: Principal): Promise<ApiUser | undefined> {
    const sql = `select ${COLUMNS} from csms.api_user
                 where organisation = $1 and role = $2 and name = $3 and revoked_at is null`;
    return firstUser(
      (await this.pool.query<object>(sql, [principal.organisation, principal.role, principal.name])).rows,
    );
  }

  async insert({ userId, principal, tokenDigest }: NewApiUser): Promise<void> {
    await this.pool.query(
      `insert into csms.api_user (user_id, role, organisation, name, ev_id, token_sha256) values ($1, $2, $3, $4, $5, $6)`,
      [userId, principal.role, principal.organisation, principal.name, principal.evId ?? null, tokenDigest],
    );
  }

  async rotate(userId: string, tokenDigest: Buffer): Promise<void> {
    await this.pool.query('update csms.api_user set token_sha256 = $2 where user_id = $1', [userId, tokenDigest]);
  }

  async revoke(userId: string): Promise<void> {
    await this.pool.query('update csms.api_user set revoked_at = now() where user_id = $1 and revoked_at is null', [
      userId,
    ]);
  }
}

function firstUser(rows: readonly object[]): ApiUser | undefined {
  if (rows.length === 0) return undefined;
  const { user_id, role, organisation, name, ev_id } = userRow.parse(rows[0]);
  return { userId: user_id, principal: { role, organisation, name, ...(ev_id === null ? {} : { evId: ev_id }) } };
}
