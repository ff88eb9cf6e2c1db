import type { PageView } from '@tallywatt/contracts';
import type { Pool } from 'pg';
import { z } from 'zod';
import { AuditLog, type AuditView } from '../api/audit.js';
import type { Scope } from '../api/auth/scope.js';
import type { RequestContext } from '../api/request-context.js';
import { decodeCursor, encodeCursor } from './page-cursor.js';

const auditRow = z.object({
  audit_id: z.string(),
  at: z.date(),
  organisation: z.string(),
  role: z.string(),
  name: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.unknown(),
  request_id: z.string(),
});
const cursorKey = z.tuple([z.string().regex(/^[0-9]{1,18}$/)]);

export class PgAuditLog extends AuditLog {
  constructor(private readonly pool: Pool) {
    super();
  }

  async record(
    { principal, requestId }: RequestContext,
    action: string,
    subject: string,
    detail: object,
  ): Promise<void> {
    await this.pool.query(
      `insert into csms.api_audit (organisation, role, name, action, subject, detail, request_id)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [principal.organisation, principal.role, principal.name, action, subject, JSON.stringify(detail), requestId],
    );
  }

  async list(scope: Scope, page: { limit: number; cursor?: string | undefined }): Promise<PageView<AuditView>> {
    if (scope.kind === 'driver') return { data: [], nextCursor: null };
    const before = page.cursor === undefined ? null : decodeCursor(page.cursor, cursorKey)[0];
    const organisation = scope.kind === 'all' ? null : scope.organisation;
    const { rows } = await this.pool.query<object>(
      `select audit_id, at, organisation, role, name, action, subject, detail, request_id from csms.api_audit
       where ($1::text is null or organisation = $1) and ($2::bigint is null or audit_id < $2)
       order by audit_id desc limit $3`,
      [organisation, before, page.limit + 1],
    );
    const found = rows.slice(0, page.limit).map((row) => present(auditRow.parse(row)));
    const last = found.at(-1);
    return { data: found, nextCursor: rows.length > page.limit && last ? encodeCursor([last.id]) : null };
  }
}

function present(row: z.output<typeof auditRow>): AuditView {
  const { audit_id, at, request_id, ...rest } = row;
  return { id: audit_id, at: at.toISOString(), ...rest, requestId: request_id };
}
