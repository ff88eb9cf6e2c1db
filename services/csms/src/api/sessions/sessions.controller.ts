import { Controller, Get, Param, Query } from '@nestjs/common';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, sessionsQuery, type SessionView } from '@tallywatt/contracts';
import { z } from 'zod';
import { scopeOf } from '../auth/scope.js';
import { money, number, text } from '../csv.js';
import { uuidParam } from '../ids.js';
import { answerList, listFormat, type ListAnswer } from '../list.js';
import { notFound } from '../problem.js';
import { Caller, type RequestContext } from '../request-context.js';
import { SettlementClient } from '../settlement-client.js';
import { SessionQueries } from './session-queries.js';

const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
  cursor: z.string().max(200).optional(),
  ...listFormat,
});
type Page = z.output<typeof pageQuery>;
const id = { schema: uuidParam };

const SESSION_COLUMNS = [
  ...text('id', 'chargePointId'),
  ...number('connectorId', 'transactionId'),
  ...text('operatorId', 'stationId', 'evId', 'userOperatorId', 'status', 'authorization', 'startedAt', 'endedAt'),
  ...number('meterStartWh', 'meterStopWh', 'energyWh'),
  ...text('stopReason', 'closeKind', 'holdReason', 'simulated', 'settlement.state', 'settlement.code'),
  ...money('settlement.total'),
  ...text('settlement.txId'),
  ...number('settlement.blockNumber'),
];
const METER_VALUE_COLUMNS = [
  ...text('at', 'receivedAt', 'measurand'),
  ...number('value'),
  ...text('unit', 'phase', 'context', 'location'),
];
const FRAME_COLUMNS = [...number('seq'), ...text('at', 'direction', 'action', 'messageId', 'frame')];

@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionQueries,
    private readonly settlement: SettlementClient,
  ) {}

  @Get()
  list(
    @Caller() caller: RequestContext,
    @Query({ schema: sessionsQuery }) query: z.output<typeof sessionsQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, SESSION_COLUMNS, (page) => this.sessions.list(scopeOf(caller.principal), page));
  }

  @Get(':id')
  get(@Caller() caller: RequestContext, @Param('id', id) sessionId: string): Promise<SessionView> {
    return this.visible(caller, sessionId);
  }

  @Get(':id/meter-values')
  async meterValues(
    @Caller() caller: RequestContext,
    @Param('id', id) sessionId: string,
    @Query({ schema: pageQuery }) query: Page,
  ): Promise<ListAnswer> {
    await this.visible(caller, sessionId);
    return answerList(query, METER_VALUE_COLUMNS, (page) => this.sessions.meterValues(sessionId, page));
  }

  @Get(':id/frames')
  async frames(
    @Caller() caller: RequestContext,
    @Param('id', id) sessionId: string,
    @Query({ schema: pageQuery }) query: Page,
  ): Promise<ListAnswer> {
    await this.visible(caller, sessionId);
    return answerList(query, FRAME_COLUMNS, (page) => this.sessions.frames(sessionId, page));
  }

  /** The settlement's steps: who prepared it, in which transaction and block it ended. */
  @Get(':id/trail')
  async trail(@Caller() caller: RequestContext, @Param('id', id) sessionId: string): Promise<unknown> {
    await this.visible(caller, sessionId);
    return this.settlement.call('settlementTrail', caller, { settlementId: sessionId });
  }

  /** @throws ProblemError 404 for a foreign session exactly as for none */
  private async visible(caller: RequestContext, sessionId: string): Promise<SessionView> {
    const session = await this.sessions.find(scopeOf(caller.principal), sessionId);
    if (session === undefined) throw notFound();
    return session;
  }
}
