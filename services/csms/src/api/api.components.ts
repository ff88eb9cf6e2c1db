import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Provider, Type } from '@nestjs/common';
import { HealthController } from '../health/health.controller.js';
import { Metrics } from '../health/metrics.js';
import { RequestTimerInterceptor } from '../health/request-timer.interceptor.js';
import { LiveLogController } from '../live-log/live-log.controller.js';
import { LiveLogService } from '../live-log/live-log.service.js';
import { LiveLogSource } from '../live-log/live-log-source.js';
import { RegistrationService } from '../piles/registration.service.js';
import { AccountService } from './accounts/account.service.js';
import { AccountsController } from './accounts/accounts.controller.js';
import { AuditController } from './audit.controller.js';
import { AccessGuard } from './auth/access.guard.js';
import { BillsController } from './bills.controller.js';
import { ChargePointsController } from './charge-points.controller.js';
import { CommandsController } from './commands.controller.js';
import { FinanceController } from './finance.controller.js';
import { Idempotency } from './idempotency.js';
import { LedgerController } from './ledger.controller.js';
import { ListInterceptor } from './list.interceptor.js';
import { MeController } from './me.controller.js';
import { MoneyMovement } from './money-movement.js';
import { NetworkController } from './network.controller.js';
import { PaymentsController } from './payments.controller.js';
import { PendingChargePointsController } from './pending-charge-points.controller.js';
import { RateLimiter } from './rate-limit.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { StaticConsoleController } from './static-console.controller.js';
import { StationsController } from './stations.controller.js';

/** All HTTP routes of csms; the access table has a row for each. */
export const HTTP_CONTROLLERS: readonly Type[] = [
  StaticConsoleController,
  HealthController,
  MeController,
  ChargePointsController,
  PendingChargePointsController,
  CommandsController,
  SessionsController,
  LiveLogController,
  AccountsController,
  PaymentsController,
  StationsController,
  NetworkController,
  BillsController,
  FinanceController,
  LedgerController,
  AuditController,
];

/** Everything between the routes and the ports; the module adds the adapters, tests add fakes. */
export const HTTP_PROVIDERS: readonly Provider[] = [
  AccountService,
  Idempotency,
  MoneyMovement,
  RegistrationService,
  Metrics,
  {
    provide: LiveLogService,
    useFactory: (source: LiveLogSource) => new LiveLogService(source),
    inject: [LiveLogSource],
  },
  { provide: RateLimiter, useFactory: () => new RateLimiter(Date.now) },
  { provide: APP_GUARD, useClass: AccessGuard },
  { provide: APP_INTERCEPTOR, useClass: RequestTimerInterceptor },
  { provide: APP_INTERCEPTOR, useClass: ListInterceptor },
];
