import { Body, Controller, Get, Param, Patch, Post, Query } from '@nestjs/common';
import {
  LEDGER_ID_PATTERN,
  PAGE_SIZE_DEFAULT,
  PAGE_SIZE_MAX,
  registerChargePointBody,
  type ChargePointCredentialView,
  type ChargePointView,
} from '@tallywatt/contracts';
import { z } from 'zod';
import { PileCaller } from '../connection/pile-caller.js';
import { PileRegistry, type StoredChargePointView } from '../piles/pile-registry.js';
import { RegistrationService } from '../piles/registration.service.js';
import { scopeOf } from './auth/scope.js';
import { text } from './csv.js';
import { chargePointIdParam } from './ids.js';
import { answerList, listFormat, type ListAnswer } from './list.js';
import { notFound } from './problem.js';
import { Caller, type RequestContext } from './request-context.js';

const pilesQuery = z.strictObject({
  operatorId: z.string().regex(LEDGER_ID_PATTERN).optional(),
  stationId: z.string().regex(LEDGER_ID_PATTERN).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_SIZE_MAX).default(PAGE_SIZE_DEFAULT),
  cursor: z.string().max(200).optional(),
  count: z.stringbool().optional(),
  ...listFormat,
});
const settingsBody = z
  .strictObject({
    strict: z.boolean().optional(),
    subprotocolOptional: z.boolean().optional(),
    securityProfile: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).optional(),
  })
  .refine((body) => Object.keys(body).length > 0, 'nothing to change');
const PILE_COLUMNS = [
  ...text(
    'id',
    'operatorId',
    'stationId',
    'connected',
    'lastHeartbeatAt',
    'lastSeenAt',
    'clock',
    'simulated',
    'strict',
  ),
  ...text('vendor', 'model', 'firmwareVersion', 'connectors', 'flags'),
];

@Controller('v1/charge-points')
export class ChargePointsController {
  constructor(
    private readonly registry: PileRegistry,
    private readonly registration: RegistrationService,
    private readonly piles: PileCaller,
  ) {}

  @Get()
  list(
    @Caller() caller: RequestContext,
    @Query({ schema: pilesQuery }) query: z.output<typeof pilesQuery>,
  ): Promise<ListAnswer> {
    return answerList(query, PILE_COLUMNS, async (page) => {
      const found = await this.registry.list(scopeOf(caller.principal), page);
      return { ...found, data: await this.present(found.data) };
    });
  }

  @Post()
  register(
    @Caller() caller: RequestContext,
    @Body({ schema: registerChargePointBody }) body: z.output<typeof registerChargePointBody>,
  ): Promise<ChargePointCredentialView> {
    return this.registration.register(caller, body);
  }

  @Get(':id')
  async get(
    @Caller() caller: RequestContext,
    @Param('id', { schema: chargePointIdParam }) id: string,
  ): Promise<ChargePointView> {
    const pile = await this.registry.find(scopeOf(caller.principal), id);
    if (pile === undefined) throw notFound();
    const connected = await this.piles.connectedAmong([id]);
    return { ...pile, connected: connected.has(id) };
  }

  /** Leniency and security profile; parties and connectors are fixed by registration. */
  @Patch(':id')
  async change(
    @Caller() caller: RequestContext,
    @Param('id', { schema: chargePointIdParam }) id: string,
    @Body({ schema: settingsBody }) body: z.output<typeof settingsBody>,
  ): Promise<ChargePointView> {
    await this.registration.change(caller, id, body);
    return this.get(caller, id);
  }

  @Post(':id/password')
  rotatePassword(
    @Caller() caller: RequestContext,
    @Param('id', { schema: chargePointIdParam }) id: string,
  ): Promise<ChargePointCredentialView> {
    return this.registration.rotatePassword(caller, id);
  }

  private async present(piles: readonly StoredChargePointView[]): Promise<ChargePointView[]> {
    const connected = await this.piles.connectedAmong(piles.map(({ id }) => id));
    return piles.map((pile) => ({ ...pile, connected: connected.has(pile.id) }));
  }
}
