import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { OPERATION_INPUTS, depositBody } from '@tallywatt/contracts';
import type { Request } from 'express';
import { z } from 'zod';
import { ledgerIdParam } from './ids.js';
import { MoneyMovement } from './money-movement.js';

const refundBody = OPERATION_INPUTS.refund.omit({ reference: true });
const creditNoteBody = OPERATION_INPUTS.issueCreditNote.omit({ reference: true });

/** Everything that moves money apart from settling; finance of the right operator (settlement and contract check which). */
@Controller('v1')
export class PaymentsController {
  constructor(private readonly money: MoneyMovement) {}

  @Post('accounts/:evId/deposits')
  deposit(
    @Param('evId', { schema: ledgerIdParam }) evId: string,
    @Body({ schema: depositBody }) body: z.output<typeof depositBody>,
    @Req() request: Request,
  ): Promise<unknown> {
    return this.money.perform(request, { operation: 'deposit', input: { evId, amountMinor: body.amountMinor } });
  }

  @Post('refunds')
  refund(@Body({ schema: refundBody }) body: z.output<typeof refundBody>, @Req() request: Request): Promise<unknown> {
    return this.money.perform(request, { operation: 'refund', input: body });
  }

  @Post('stations/:id/payouts')
  payOut(
    @Param('id', { schema: ledgerIdParam }) stationId: string,
    @Body({ schema: depositBody }) body: z.output<typeof depositBody>,
    @Req() request: Request,
  ): Promise<unknown> {
    return this.money.perform(request, { operation: 'payOut', input: { stationId, amountMinor: body.amountMinor } });
  }

  @Post('credit-notes')
  creditNote(
    @Body({ schema: creditNoteBody }) body: z.output<typeof creditNoteBody>,
    @Req() request: Request,
  ): Promise<unknown> {
    return this.money.perform(request, { operation: 'issueCreditNote', input: body });
  }
}
