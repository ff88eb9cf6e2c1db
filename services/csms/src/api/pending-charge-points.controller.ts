import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import {
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  registerChargePointBody,
  type ChargePointCredentialView,
} from '@tallywatt/contracts';
import { z } from 'zod';
import { PileRegistry } from '../piles/pile-registry.js';
import { RegistrationService } from '../piles/registration.service.js';
import { number, text } from './csv.js';
import { chargePointIdParam } from './ids.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { Caller, type RequestContext } from './request-context.js';

const pendingQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
  cursor: z.string().max(200).optional(),
  ...listFormat,
});
/** Accepting needs what registering needs, apart from the id, which is the path's. */
const acceptBody = registerChargePointBody.omit({ id: true });

/** Piles that knocked and are nobody's yet: until one is accepted nothing of it is stored but this list. */
@Controller('v1/pending-charge-points')
export class PendingChargePointsController {
  constructor(
    private readonly registry: PileRegistry,
    private readonly registration: RegistrationService,
  ) {}

  @Get()
  list(@Query({ schema: pendingQuery }) query: z.output<typeof pendingQuery>): Promise<ListAnswer> {
    const columns = [...text('id', 'firstSeenAt', 'lastSeenAt'), ...number('attempts')];
    return answerList(query, columns, (page) => this.registry.listPending(page));
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
