import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { OPERATION_INPUTS } from '@tallywatt/contracts';
import { z } from 'zod';
import { money, number, text } from './csv.js';
import { ledgerIdParam } from './ids.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { Caller, type RequestContext } from './request-context.js';
import { SettlementClient, callList } from './settlement-client.js';

const billsQuery = OPERATION_INPUTS.listBills.extend(listFormat);
const BILL_COLUMNS = [
  ...text('id', 'kind', 'evId', 'userOperatorId', 'stationId', 'operatorId', 'chargePointId', 'startedAt', 'endedAt'),
  ...number('meterStartWh', 'meterStopWh', 'energyWh'),
  ...money('total'),
  ...text('txId'),
  ...number('blockNumber'),
  ...text('finalAt', 'replaces', 'creditedBy'),
  ...number('rating'),
  ...text('ledger'),
];

@Controller('v1')
export class BillsController {
  constructor(private readonly settlement: SettlementClient) {}

  @Get('bills')
  list(
    @Caller() caller: RequestContext,
    @Query({ schema: billsQuery }) query: z.output<typeof billsQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, BILL_COLUMNS, (page) => callList(this.settlement, 'listBills', caller, page));
  }

  @Get('bills/:id')
  get(@Caller() caller: RequestContext, @Param('id', { schema: ledgerIdParam }) billId: string): Promise<unknown> {
    return this.settlement.call('getBill', caller, { billId });
  }

  /** Re-reads the ledger and compares field by field. */
  @Get('bills/:id/verify')
  verify(@Caller() caller: RequestContext, @Param('id', { schema: ledgerIdParam }) billId: string): Promise<unknown> {
    return this.settlement.call('verifyBill', caller, { billId });
  }

  @Post('ratings')
  rate(
    @Caller() caller: RequestContext,
    @Body({ schema: OPERATION_INPUTS.rate }) body: z.output<typeof OPERATION_INPUTS.rate>,
  ): Promise<unknown> {
    return this.settlement.call('rate', caller, body);
  }
}
