import { Global, Module } from '@nestjs/common';
import { PILE_ADAPTERS } from '../persistence/api-adapters.js';
import { ChargePointStore } from './charge-point.js';
import { PileRegistry } from './pile-registry.js';

/** Registered piles for everybody. Needs a global provider of `pg.Pool`. */
@Global()
@Module({ providers: [...PILE_ADAPTERS], exports: [ChargePointStore, PileRegistry] })
export class PilesModule {}
