import { Controller, Get, Query } from '@nestjs/common';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '@tallywatt/contracts';
import { z } from 'zod';
import { AuditLog } from './audit.js';
import { scopeOf } from './auth/scope.js';
import { text } from './csv.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { Caller, type RequestContext } from './request-context.js';

const auditQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
  cursor: z.string().max(200).optional(),
  ...listFormat,
});
const AUDIT_COLUMNS = text('id', 'at', 'organisation', 'role', 'name', 'action', 'subject', 'detail', 'requestId');

@Controller('v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  @Get()
  list(
    @Caller() caller: RequestContext,
    @Query({ schema: auditQuery }) query: z.output<typeof auditQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, AUDIT_COLUMNS, (page) => this.audit.list(scopeOf(caller.principal), page));
  }
}
