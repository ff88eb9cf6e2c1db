import { Body, Controller, Get, Post, Put, Query } from '@nestjs/common';
import { OPERATION_INPUTS } from '@tallywatt/contracts';
import { z } from 'zod';
import { requireOwnOrganisation } from './auth/scope.js';
import { text } from './csv.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { Caller, type RequestContext } from './request-context.js';
import { SettlementClient, callList } from './settlement-client.js';

const { publishTariff, registerOperator, setParameters } = OPERATION_INPUTS;
const tariffsQuery = OPERATION_INPUTS.listTariffs.extend(listFormat);
const operatorsQuery = z.strictObject(listFormat);

/** What the network has in common: operators, parameters and tariffs. */
@Controller('v1')
export class NetworkController {
  constructor(private readonly settlement: SettlementClient) {}

  @Get('operators')
  operators(
    @Caller() caller: RequestContext,
    @Query({ schema: operatorsQuery }) query: z.output<typeof operatorsQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, text('operatorId', 'name'), () => callList(this.settlement, 'listOperators', caller, {}));
  }

  @Post('operators')
  registerOperator(
    @Caller() caller: RequestContext,
    @Body({ schema: registerOperator }) body: z.output<typeof registerOperator>,
  ): Promise<unknown> {
    return this.settlement.call('registerOperator', caller, body);
  }

  @Get('parameters')
  parameters(@Caller() caller: RequestContext): Promise<unknown> {
    return this.settlement.call('getParameters', caller, {});
  }

  @Put('parameters')
  setParameters(
    @Caller() caller: RequestContext,
    @Body({ schema: setParameters }) body: z.output<typeof setParameters>,
  ): Promise<unknown> {
    return this.settlement.call('setParameters', caller, body);
  }

  @Get('tariffs')
  tariffs(
    @Caller() caller: RequestContext,
    @Query({ schema: tariffsQuery }) query: z.output<typeof tariffsQuery>,
  ): Promise<ListAnswer> {
    const columns = text('tariffId', 'operatorId', 'prices');
    return answerList(query, columns, (page) => callList(this.settlement, 'listTariffs', caller, page));
  }

  @Post('tariffs')
  publishTariff(
    @Caller() caller: RequestContext,
    @Body({ schema: publishTariff }) body: z.output<typeof publishTariff>,
  ): Promise<unknown> {
    requireOwnOrganisation(caller.principal, body.operatorId);
    return this.settlement.call('publishTariff', caller, body);
  }
}
