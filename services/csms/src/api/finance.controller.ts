import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { OPERATION_INPUTS } from '@tallywatt/contracts';
import { z } from 'zod';
import { AuditLog } from './audit.js';
import { money, number, text } from './csv.js';
import { ledgerIdParam, uuidParam } from './ids.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { Caller, type RequestContext } from './request-context.js';
import { SettlementClient, callList } from './settlement-client.js';

const settlementsQuery = OPERATION_INPUTS.listSettlements.extend(listFormat);
const decisionBody = OPERATION_INPUTS.decideSettlement.omit({ settlementId: true });
const breaksQuery = OPERATION_INPUTS.listBreaks.omit({ reconciliationId: true }).extend(listFormat);
const breakBody = OPERATION_INPUTS.updateBreak.omit({ breakId: true });
const { createReconciliation } = OPERATION_INPUTS;

const SETTLEMENT_COLUMNS = [
  ...text('settlementId', 'operatorId', 'userOperatorId', 'stationId', 'chargePointId', 'evId', 'state', 'code'),
  ...number('attempt'),
  ...money('total'),
  ...text('txId'),
  ...number('blockNumber'),
  ...text('nextAttemptAt', 'updatedAt'),
];
const BREAK_COLUMNS = text('id', 'type', 'state', 'settlementId', 'evidence', 'job', 'bill', 'comments');

/** Settlements that need a person, and the three-way match. */
@Controller('v1')
export class FinanceController {
  constructor(
    private readonly settlement: SettlementClient,
    private readonly audit: AuditLog,
  ) {}

  @Get('settlements')
  settlements(
    @Caller() caller: RequestContext,
    @Query({ schema: settlementsQuery }) query: z.output<typeof settlementsQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, SETTLEMENT_COLUMNS, (page) => callList(this.settlement, 'listSettlements', caller, page));
  }

  @Post('settlements/:id/retry')
  @HttpCode(200)
  async retry(
    @Caller() caller: RequestContext,
    @Param('id', { schema: ledgerIdParam }) settlementId: string,
  ): Promise<unknown> {
    const answer = await this.settlement.call('retrySettlement', caller, { settlementId });
    await this.audit.record(caller, 'settlement.retry', settlementId, {});
    return answer;
  }

  @Post('settlements/:id/decision')
  @HttpCode(200)
  async decide(
    @Caller() caller: RequestContext,
    @Param('id', { schema: ledgerIdParam }) settlementId: string,
    @Body({ schema: decisionBody }) body: z.output<typeof decisionBody>,
  ): Promise<unknown> {
    const answer = await this.settlement.call('decideSettlement', caller, { settlementId, ...body });
    await this.audit.record(caller, 'settlement.decision', settlementId, body);
    return answer;
  }

  @Post('reconciliations')
  reconcile(
    @Caller() caller: RequestContext,
    @Body({ schema: createReconciliation }) body: z.output<typeof createReconciliation>,
  ): Promise<unknown> {
    return this.settlement.call('createReconciliation', caller, body);
  }

  @Get('reconciliations/:id')
  reconciliation(
    @Caller() caller: RequestContext,
    @Param('id', { schema: uuidParam }) reconciliationId: string,
  ): Promise<unknown> {
    return this.settlement.call('getReconciliation', caller, { reconciliationId });
  }

  @Get('reconciliations/:id/breaks')
  breaks(
    @Caller() caller: RequestContext,
    @Param('id', { schema: uuidParam }) reconciliationId: string,
    @Query({ schema: breaksQuery }) query: z.output<typeof breaksQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, BREAK_COLUMNS, (page) =>
      callList(this.settlement, 'listBreaks', caller, { ...page, reconciliationId }),
    );
  }

  @Patch('breaks/:id')
  async updateBreak(
    @Caller() caller: RequestContext,
    @Param('id', { schema: uuidParam }) breakId: string,
    @Body({ schema: breakBody }) body: z.output<typeof breakBody>,
  ): Promise<unknown> {
    const answer = await this.settlement.call('updateBreak', caller, { breakId, ...body });
    await this.audit.record(caller, 'break.update', breakId, body);
    return answer;
  }
}
