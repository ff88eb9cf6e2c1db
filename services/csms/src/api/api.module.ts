import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CommandsModule } from '../commands/commands.module.js';
import { LedgerMovedController } from '../live-log/ledger-moved.controller.js';
import { LiveLogService } from '../live-log/live-log.service.js';
import { API_ADAPTERS } from '../persistence/api-adapters.js';
import { OcppAddress } from '../piles/ocpp-address.js';
import { PilePasswordIssuer } from '../piles/pile-password.js';
import { ApiConfig } from './api-config.js';
import { HTTP_CONTROLLERS, HTTP_PROVIDERS } from './api.components.js';
import { SettlementClient } from './settlement-client.js';
import { RemoteSettlementClient } from './remote-settlement-client.js';

/**
 * The HTTP side: routes, page, live log, health, metrics. `main` calls `configureHttp` on the application.
 * Needs global providers of `pg.Pool`, `ApiConfig`, `PileCaller`, `PendingPiles`, `PileRegistry`, and what commands need.
 * A commit may call `LiveLogService.poke`.
 */
@Module({
  imports: [DiscoveryModule, CommandsModule],
  controllers: [...HTTP_CONTROLLERS, LedgerMovedController],
  providers: [
    ...HTTP_PROVIDERS,
    ...API_ADAPTERS,
    {
      provide: SettlementClient,
      useFactory: (config: ApiConfig) => new RemoteSettlementClient(config.settlement),
      inject: [ApiConfig],
    },
    {
      provide: PilePasswordIssuer,
      useFactory: (config: ApiConfig) => new PilePasswordIssuer(config.pepper),
      inject: [ApiConfig],
    },
    { provide: OcppAddress, useFactory: (config: ApiConfig) => new OcppAddress(config.ocppUrl), inject: [ApiConfig] },
  ],
  exports: [LiveLogService],
})
export class ApiModule {}
