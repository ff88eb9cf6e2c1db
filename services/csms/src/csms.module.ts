import { Injectable, Module, type DynamicModule, type OnModuleInit } from '@nestjs/common';
import { ApiModule } from './api/api.module.js';
import { CommandsModule } from './commands/commands.module.js';
import { ConfigModule } from './config/config.module.js';
import type { CsmsConfig } from './config/csms.config.js';
import { ConnectionModule } from './connection/connection.module.js';
import { HandlersModule } from './handlers/handlers.module.js';
import { LiveLogService } from './live-log/live-log.service.js';
import { OcppModule } from './ocpp/ocpp.module.js';
import { OutboxModule } from './outbox/outbox.module.js';
import { PersistenceModule } from './persistence/persistence.module.js';
import { PilesModule } from './piles/piles.module.js';
import { CommitFeed } from './sessions/commit-feed.js';
import { SessionsModule } from './sessions/sessions.module.js';

/** A commit makes the live log read soon. */
@Injectable()
export class LiveLogWaker implements OnModuleInit {
  constructor(
    private readonly commits: CommitFeed,
    private readonly log: LiveLogService,
  ) {}

  onModuleInit(): void {
    this.commits.onCommit(() => this.log.poke());
  }
}

/** The central system: its features, in the order in which a message passes them. */
@Module({})
export class CsmsModule {
  static forConfig(config: CsmsConfig): DynamicModule {
    return {
      module: CsmsModule,
      imports: [
        ConfigModule.forConfig(config),
        PersistenceModule,
        PilesModule,
        ConnectionModule,
        OcppModule,
        HandlersModule,
        SessionsModule,
        OutboxModule,
        CommandsModule,
        ApiModule,
      ],
      providers: [LiveLogWaker],
    };
  }
}
