import { type DynamicModule, Module } from '@nestjs/common';
import type { SettlementConfig } from './config/settlement.config.js';
import { EngineModule } from './engine.module.js';
import { OperationsModule } from './operations/operations.module.js';

/** The settlement service. */
@Module({})
export class SettlementModule {
  static forConfig(config: SettlementConfig): DynamicModule {
    return { module: SettlementModule, imports: [EngineModule.forConfig(config), OperationsModule] };
  }
}
