import { randomUUID } from 'node:crypto';
import { Global, Injectable, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CallRouter } from '../ocpp/call.js';
import { ChargePointStore } from '../piles/charge-point.js';
import { SYSTEM_CLOCK } from './clock.js';
import { ConnectionConfig } from './connection-config.js';
import { ConnectionEvents, ConnectionLog } from './connection-log.js';
import { ConnectionRegistry } from './connection-registry.js';
import { CredentialChecker } from './credentials.js';
import { OcppServer } from './ocpp-server.js';
import { PendingPiles } from './pending-piles.js';
import { FrameLog, PileCaller } from './pile-caller.js';
import { PileRouting } from './pile-routing.js';
import { UpgradeGuard } from './upgrade-guard.js';

/** Opens the OCPP port once every handler is in place, closes it before anything that its calls need. */
@Injectable()
export class OcppServerLifecycle implements OnApplicationBootstrap, OnModuleDestroy {
  private startedPorts: readonly number[] = [];

  constructor(
    private readonly server: OcppServer,
    private readonly events: ConnectionEvents,
    private readonly log: ConnectionLog,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.events.subscribe((event) => this.log.append(event));
    this.startedPorts = await this.server.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.server.stop();
  }

  /** `[plain]` or `[plain, tls]`. */
  get ports(): readonly number[] {
    return this.startedPorts;
  }
}

/** Needs global providers of `CallRouter`, `ChargePointStore`, `FrameLog`, `ConnectionLog`, `PendingPiles` and `ConnectionConfig`. */
@Global()
@Module({
  providers: [
    OcppServerLifecycle,
    ConnectionEvents,
    {
      provide: ConnectionRegistry,
      useFactory: (events: ConnectionEvents) => new ConnectionRegistry(events, SYSTEM_CLOCK),
      inject: [ConnectionEvents],
    },
    {
      provide: PileRouting,
      useFactory: (config: ConnectionConfig, registry: ConnectionRegistry, events: ConnectionEvents) =>
        new PileRouting(config.redis, registry, events),
      inject: [ConnectionConfig, ConnectionRegistry, ConnectionEvents],
    },
    {
      provide: PileCaller,
      useFactory: (registry: ConnectionRegistry, routing: PileRouting) => routing.caller ?? registry,
      inject: [ConnectionRegistry, PileRouting],
    },
    {
      provide: UpgradeGuard,
      useFactory: (
        config: ConnectionConfig,
        chargePoints: ChargePointStore,
        pending: PendingPiles,
        events: ConnectionEvents,
      ) =>
        new UpgradeGuard({
          chargePoints,
          pending,
          events,
          credentials: new CredentialChecker(config.pepper),
          clock: SYSTEM_CLOCK,
        }),
      inject: [ConnectionConfig, ChargePointStore, PendingPiles, ConnectionEvents],
    },
    {
      provide: OcppServer,
      useFactory: (
        config: ConnectionConfig,
        router: CallRouter,
        frameLog: FrameLog,
        guard: UpgradeGuard,
        registry: ConnectionRegistry,
        events: ConnectionEvents,
      ) =>
        new OcppServer(config.server, {
          router,
          frameLog,
          guard,
          registry,
          events,
          clock: SYSTEM_CLOCK,
          newId: randomUUID,
          random: Math.random,
        }),
      inject: [ConnectionConfig, CallRouter, FrameLog, UpgradeGuard, ConnectionRegistry, ConnectionEvents],
    },
  ],
  exports: [PileCaller, PileRouting, ConnectionEvents, ConnectionRegistry, OcppServerLifecycle],
})
export class ConnectionModule {}
