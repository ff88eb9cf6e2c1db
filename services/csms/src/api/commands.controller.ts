import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { commandBody, type CommandView } from '@tallywatt/contracts';
import { z } from 'zod';
import { PileRegistry } from '../piles/pile-registry.js';
import { AuditLog } from './audit.js';
import { scopeOf } from './auth/scope.js';
import { CommandGateway } from './command-gateway.js';
import { chargePointIdParam, uuidParam } from './ids.js';
import { notFound } from './problem.js';
import { Caller, type RequestContext } from './request-context.js';

/** A command is a resource: posted once, it ends with the pile's own CALLRESULT or CALLERROR, or with `timeout`. */
@Controller('v1')
export class CommandsController {
  constructor(
    private readonly commands: CommandGateway,
    private readonly registry: PileRegistry,
    private readonly audit: AuditLog,
  ) {}

  @Post('charge-points/:id/commands')
  async request(
    @Caller() caller: RequestContext,
    @Param('id', { schema: chargePointIdParam }) chargePointId: string,
    @Body({ schema: commandBody }) body: z.output<typeof commandBody>,
  ): Promise<CommandView> {
    await this.requireVisible(caller, chargePointId);
    const { organisation, name } = caller.principal;
    const command = await this.commands.request({ chargePointId, ...body, requestedBy: `${name} (${organisation})` });
    await this.audit.record(caller, 'command', chargePointId, { action: body.action, commandId: command.id });
    return command;
  }

  @Get('commands/:id')
  async get(
    @Caller() caller: RequestContext,
    @Param('id', { schema: uuidParam }) commandId: string,
  ): Promise<CommandView> {
    const command = await this.commands.find(commandId);
    if (command === undefined) throw notFound();
    await this.requireVisible(caller, command.chargePointId);
    return command;
  }

  /** @throws ProblemError 404 for a foreign pile exactly as for none */
  private async requireVisible(caller: RequestContext, chargePointId: string): Promise<void> {
    if ((await this.registry.find(scopeOf(caller.principal), chargePointId)) === undefined) throw notFound();
  }
}
