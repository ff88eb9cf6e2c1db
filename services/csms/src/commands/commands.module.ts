import { Module } from '@nestjs/common';
import { CommandGateway } from '../api/command-gateway.js';
import { BootConfiguration } from './boot-configuration.js';
import { CommandCatalog } from './command-catalog.js';
import { CommandService } from './command.service.js';

/** Needs global providers of `CommandStore`, `PileCaller`, `ConnectionEvents`, `SchemaValidator`, `Authorisation`, `ChargePointStore`. */
@Module({
  providers: [
    CommandCatalog,
    CommandService,
    BootConfiguration,
    { provide: CommandGateway, useExisting: CommandService },
  ],
  exports: [CommandGateway],
})
export class CommandsModule {}
