import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { registerChargePointBody, type ChargePointCredentialView } from '@tallywatt/contracts';
import { z } from 'zod';
import { PendingPiles, type PendingPile } from '../connection/pending-piles.js';
import { RegistrationService } from '../piles/registration.service.js';
import { number, text } from './csv.js';
import { chargePointIdParam } from './ids.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { Caller, type RequestContext } from './request-context.js';

const pendingQuery = z.strictObject(listFormat);
/** Accepting needs what registering needs, apart from the id, which is the path's. */
const acceptBody = registerChargePointBody.omit({ id: true });

export interface PendingChargePointView {
  readonly id: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly attempts: number;
}

/** Piles that knocked and are nobody's yet; the list is capped, and nothing else of them is kept. */
@Controller('v1/pending-charge-points')
export class PendingChargePointsController {
  constructor(
    private readonly pending: PendingPiles,
    private readonly registration: RegistrationService,
  ) {}

  @Get()
  list(@Query({ schema: pendingQuery }) query: z.output<typeof pendingQuery>): Promise<ListAnswer> {
    const columns = [...text('id', 'firstSeenAt', 'lastSeenAt'), ...number('attempts')];
    return answerList(query, columns, async () => ({
      data: (await this.pending.list()).map(present),
      nextCursor: null,
    }));
  }

  @Post(':id/accept')
  accept(
    @Caller() caller: RequestContext,
    @Param('id', { schema: chargePointIdParam }) id: string,
    @Body({ schema: acceptBody }) body: z.output<typeof acceptBody>,
  ): Promise<ChargePointCredentialView> {
    return this.registration.accept(caller, { id, ...body });
  }
}

/** The address that knocked stays with the operator of the server. */
function present(pile: PendingPile): PendingChargePointView {
  return {
    id: pile.chargePointId,
    firstSeenAt: new Date(pile.firstSeenAtMs).toISOString(),
    lastSeenAt: new Date(pile.lastSeenAtMs).toISOString(),
    attempts: pile.attempts,
  };
}
