import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { OPERATION_INPUTS, openAccountBody, type IdTagView } from '@tallywatt/contracts';
import { z } from 'zod';
import { AuditLog } from '../audit.js';
import { scopeOf } from '../auth/scope.js';
import { money, number, text } from '../csv.js';
import { idTagParam, ledgerIdParam } from '../ids.js';
import { answerList, listFormat, type ListAnswer } from '../list.js';
import { notFound } from '../problem.js';
import { Caller, type RequestContext } from '../request-context.js';
import { SettlementClient, callList } from '../settlement-client.js';
import { AccountService, type OpenedAccount } from './account.service.js';
import { IdTagRegistry } from './id-tag-registry.js';

const accountsQuery = OPERATION_INPUTS.listAccounts.extend(listFormat);
const freezeBody = OPERATION_INPUTS.freezeAccount.omit({ evId: true });
const tagsBody = z.strictObject({ idTags: openAccountBody.shape.idTags.unwrap().min(1) });
const tagsQuery = z.strictObject(listFormat);
const ACCOUNT_COLUMNS = [
  ...text('evId', 'operatorId'),
  ...money('balance'),
  ...number('creditSum', 'creditCount', 'arrears'),
  ...text('status'),
];
const ID_TAG_COLUMNS = [...text('idTag', 'evId', 'operatorId', 'expiresAt'), ...number('maxConcurrentSessions')];

@Controller('v1')
export class AccountsController {
  constructor(
    private readonly accounts: AccountService,
    private readonly tags: IdTagRegistry,
    private readonly settlement: SettlementClient,
    private readonly audit: AuditLog,
  ) {}

  @Get('accounts')
  list(
    @Caller() caller: RequestContext,
    @Query({ schema: accountsQuery }) query: z.output<typeof accountsQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, ACCOUNT_COLUMNS, (page) => callList(this.settlement, 'listAccounts', caller, page));
  }

  @Post('accounts')
  open(
    @Caller() caller: RequestContext,
    @Body({ schema: openAccountBody }) body: z.output<typeof openAccountBody>,
  ): Promise<OpenedAccount> {
    return this.accounts.open(caller, body);
  }

  @Get('accounts/:evId')
  get(@Caller() caller: RequestContext, @Param('evId', { schema: ledgerIdParam }) evId: string): Promise<unknown> {
    return this.settlement.call('getAccount', caller, { evId });
  }

  @Patch('accounts/:evId')
  async freeze(
    @Caller() caller: RequestContext,
    @Param('evId', { schema: ledgerIdParam }) evId: string,
    @Body({ schema: freezeBody }) body: z.output<typeof freezeBody>,
  ): Promise<unknown> {
    const answer = await this.settlement.call('freezeAccount', caller, { evId, frozen: body.frozen });
    await this.audit.record(caller, 'account.freeze', evId, body);
    return answer;
  }

  @Get('accounts/:evId/id-tags')
  idTags(
    @Caller() caller: RequestContext,
    @Param('evId', { schema: ledgerIdParam }) evId: string,
    @Query({ schema: tagsQuery }) query: z.output<typeof tagsQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, ID_TAG_COLUMNS, async () => {
      const data = await this.tags.listOf(scopeOf(caller.principal), evId);
      if (data.length === 0) await this.settlement.call('getAccount', caller, { evId });
      return { data, nextCursor: null };
    });
  }

  @Post('accounts/:evId/id-tags')
  addTags(
    @Caller() caller: RequestContext,
    @Param('evId', { schema: ledgerIdParam }) evId: string,
    @Body({ schema: tagsBody }) body: z.output<typeof tagsBody>,
  ): Promise<OpenedAccount> {
    return this.accounts.addTags(caller, evId, body.idTags);
  }

  @Get('id-tags/:idTag')
  async idTag(
    @Caller() caller: RequestContext,
    @Param('idTag', { schema: idTagParam }) idTag: string,
  ): Promise<IdTagView> {
    const found = await this.tags.find(scopeOf(caller.principal), idTag);
    if (found === undefined) throw notFound();
    return found;
  }
}
