import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CallRouter } from './call.js';
import { FlagCounter, MemoryFlagCounter } from './flag-counter.js';
import { HandlerRegistry } from './handler-registry.js';
import { RequestReader } from './request-reader.js';
import { OcppRouter } from './router.js';
import { SchemaValidator } from './schema-validator.js';

/** Needs a global provider of `ChargePointStore`, and every handler class somewhere in the application. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    HandlerRegistry,
    RequestReader,
    SchemaValidator,
    { provide: CallRouter, useClass: OcppRouter },
    { provide: FlagCounter, useClass: MemoryFlagCounter },
  ],
  exports: [CallRouter, FlagCounter, SchemaValidator],
})
export class OcppModule {}
