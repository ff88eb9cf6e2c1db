import { type AuditedOperation, OperationAudit } from '../operations/operation-audit.js';
import type { Sql } from './database.js';
import { instantText } from './sql-values.js';

export class PgOperationAudit extends OperationAudit {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async append({ atMs, requestId, operation, principal, input, outcome }: AuditedOperation): Promise<void> {
    const { role, organisation, name } = principal;
    await this.sql.rows(
      `insert into settlement.operation_audit (at, request_id, operation, role, organisation, name, input, outcome)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [instantText(atMs), requestId, operation, role, organisation, name, JSON.stringify(input ?? null), outcome],
    );
  }
}
