import { Controller, Get, Param } from '@nestjs/common';
import { blockNumberParam, txIdParam } from './ids.js';
import { Caller, type RequestContext } from './request-context.js';
import { SettlementClient } from './settlement-client.js';

/** The ledger as it is: status with the development notice, blocks, transactions, and the conservation sums. */
@Controller('v1/ledger')
export class LedgerController {
  constructor(private readonly settlement: SettlementClient) {}

  @Get()
  status(@Caller() caller: RequestContext): Promise<unknown> {
    return this.settlement.call('ledgerStatus', caller, {});
  }

  @Get('supply')
  supply(@Caller() caller: RequestContext): Promise<unknown> {
    return this.settlement.call('supply', caller, {});
  }

  @Get('blocks/:number')
  block(
    @Caller() caller: RequestContext,
    @Param('number', { schema: blockNumberParam }) number: number,
  ): Promise<unknown> {
    return this.settlement.call('getBlock', caller, { number });
  }

  @Get('tx/:txId')
  transaction(@Caller() caller: RequestContext, @Param('txId', { schema: txIdParam }) txId: string): Promise<unknown> {
    return this.settlement.call('getLedgerTransaction', caller, { txId });
  }
}
