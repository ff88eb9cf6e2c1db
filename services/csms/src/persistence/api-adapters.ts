import type { Provider, Type } from '@nestjs/common';
import pg from 'pg';
import { IdTagRegistry } from '../api/accounts/id-tag-registry.js';
import { AuditLog } from '../api/audit.js';
import { ApiUserStore } from '../api/auth/api-user.store.js';
import { IdempotencyStore } from '../api/idempotency.store.js';
import { SessionQueries } from '../api/sessions/session-queries.js';
import { DatabaseProbe } from '../health/database-probe.js';
import { LiveLogSource } from '../live-log/live-log-source.js';
import { ChargePointStore } from '../piles/charge-point.js';
import { PileRegistry } from '../piles/pile-registry.js';
import { PgApiUserStore } from './api-user.pg.js';
import { PgAuditLog } from './audit-log.pg.js';
import { PgChargePointStore } from './charge-point.pg.js';
import { PgDatabaseProbe } from './database-probe.pg.js';
import { PgIdTagRegistry } from './id-tag-registry.pg.js';
import { PgIdempotencyStore } from './idempotency.pg.js';
import { PgLiveLogSource } from './live-log-source.pg.js';
import { PgPileRegistry } from './pile-registry.pg.js';
import { PgSessionQueries } from './session-queries.pg.js';

/** The pool is provided globally under `pg.Pool` as token. */
function onPool<T extends object>(port: abstract new () => T, adapter: Type<T>): Provider {
  return { provide: port, useFactory: (pool: pg.Pool) => new adapter(pool), inject: [pg.Pool] };
}

/** Ports of the HTTP side on PostgreSQL. */
export const API_ADAPTERS: readonly Provider[] = [
  onPool(ApiUserStore, PgApiUserStore),
  onPool(AuditLog, PgAuditLog),
  onPool(DatabaseProbe, PgDatabaseProbe),
  onPool(IdempotencyStore, PgIdempotencyStore),
  onPool(IdTagRegistry, PgIdTagRegistry),
  onPool(LiveLogSource, PgLiveLogSource),
  onPool(SessionQueries, PgSessionQueries),
];

/** Registered piles: one cache behind both ports, so that a change here is seen here at once. */
export const PILE_ADAPTERS: readonly Provider[] = [
  { provide: PgChargePointStore, useFactory: (pool: pg.Pool) => new PgChargePointStore(pool), inject: [pg.Pool] },
  { provide: ChargePointStore, useExisting: PgChargePointStore },
  {
    provide: PileRegistry,
    useFactory: (pool: pg.Pool, cache: PgChargePointStore) => new PgPileRegistry(pool, cache),
    inject: [pg.Pool, PgChargePointStore],
  },
];
