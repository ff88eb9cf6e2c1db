import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CallRouter } from './call.js';
import { BufferedFlagCounter, FlagCounter, FlagStore } from './flag-counter.js';
import { HandlerRegistry } from './handler-registry.js';
import { RequestReader } from './request-reader.js';
import { OcppRouter } from './router.js';
import { SchemaValidator } from './schema-validator.js';

/** Needs global providers of `ChargePointStore` and `FlagStore`, and every handler class somewhere in the application. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    HandlerRegistry,
    RequestReader,
    SchemaValidator,
    { provide: CallRouter, useClass: OcppRouter },
    {
      provide: FlagCounter,
      useFactory: (store: FlagStore) => new BufferedFlagCounter(store),
      inject: [FlagStore],
    },
  ],
  exports: [CallRouter, FlagCounter, SchemaValidator],
})
export class OcppModule {}
