import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Global, Module } from '@nestjs/common';
import { MessagePattern, Transport, type MicroserviceOptions } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { LEDGER_MOVED_EVENT, OPERATION_PATTERN, type Answer, type OperationMessage } from '@tallywatt/contracts';
import pg from 'pg';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { PendingPiles, MemoryPendingPiles } from '../connection/pending-piles.js';
import { PileCaller } from '../connection/pile-caller.js';
import { CredentialChecker } from '../connection/credentials.js';
import { PgApiUserStore } from '../persistence/api-user.pg.js';
import { API_ADAPTERS, PILE_ADAPTERS } from '../persistence/api-adapters.js';
import { createPool } from '../persistence/database.js';
import { migrate } from '../persistence/migrate.js';
import { ChargePointStore } from '../piles/charge-point.js';
import { OcppAddress } from '../piles/ocpp-address.js';
import { PilePasswordIssuer } from '../piles/pile-password.js';
import { PileRegistry } from '../piles/pile-registry.js';
import { HTTP_CONTROLLERS, HTTP_PROVIDERS } from './api.components.js';
import { newToken, tokenDigest } from './auth/token.js';
import { CommandGateway } from './command-gateway.js';
import { configureHttp } from './http-server.js';
import { LedgerMovedController } from '../live-log/ledger-moved.controller.js';
import { LiveLogService } from '../live-log/live-log.service.js';
import { SettlementClient } from './settlement-client.js';
import { SETTLEMENT_METRICS_PATTERN, RemoteSettlementClient } from './remote-settlement-client.js';
import { FakeCommands, FakePileCaller } from './testing/fakes.js';
import { DiscoveryModule } from '@nestjs/core';

const PEPPER = Buffer.alloc(32, 3);
const seen: OperationMessage[] = [];

/** The other side of the TCP transport, as settlement is. */
@Controller()
class SettlementDouble {
  @MessagePattern(OPERATION_PATTERN)
  operation(message: OperationMessage): Answer<unknown> {
    seen.push(message);
    if (message.operation === 'getStation') return { ok: true, value: { operatorId: 'STAR' } };
    if (message.operation !== 'getAccount') return { ok: true, value: { evId: 'EV-1', big: '9007199254740993' } };
    const problem = { code: 'account_unknown', status: 404, title: 'No such account.', retryable: false };
    return { ok: false, problem };
  }
  @MessagePattern(SETTLEMENT_METRICS_PATTERN)
  metrics(): string {
    return '# HELP settled n\n# TYPE settled counter\nsettled 1\n';
  }
}

const tcp = (port: number) => ({ transport: Transport.TCP, options: { host: '127.0.0.1', port } }) as const;
let database: TestDatabase;
let pool: pg.Pool;
let app: NestExpressApplication;
let settlementApp: NestExpressApplication;
let url: string;
let token: string;

async function listenOnTcp(application: NestExpressApplication): Promise<number> {
  const service = application.connectMicroservice<MicroserviceOptions>({
    transport: Transport.TCP,
    options: { host: '127.0.0.1', port: 0 },
  });
  await application.startAllMicroservices();
  const server: unknown = service.unwrap();
  const address: unknown =
    typeof server === 'object' && server !== null && 'address' in server && typeof server.address === 'function'
      ? server.address()
      : null;
  if (typeof address !== 'object' || address === null || !('port' in address)) throw new Error('no port');
  return Number(address.port);
}

function globals(settlementPort: number) {
  @Global()
  @Module({
    providers: [
      { provide: pg.Pool, useValue: pool },
      { provide: PileCaller, useValue: new FakePileCaller() },
      { provide: PendingPiles, useValue: new MemoryPendingPiles() },
      { provide: CommandGateway, useValue: new FakeCommands() },
      { provide: SettlementClient, useValue: new RemoteSettlementClient(tcp(settlementPort)) },
      { provide: PilePasswordIssuer, useValue: new PilePasswordIssuer(PEPPER) },
      { provide: OcppAddress, useValue: new OcppAddress('ws://127.0.0.1:9000') },
      ...PILE_ADAPTERS,
    ],
    exports: [
      pg.Pool,
      PileCaller,
      PendingPiles,
      CommandGateway,
      SettlementClient,
      PilePasswordIssuer,
      OcppAddress,
      PileRegistry,
      ChargePointStore,
    ],
  })
  class GlobalsModule {}
  return GlobalsModule;
}

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  pool = createPool(database.url, 4);
  const double = await Test.createTestingModule({ controllers: [SettlementDouble] }).compile();
  settlementApp = double.createNestApplication<NestExpressApplication>({ logger: false });
  const settlementPort = await listenOnTcp(settlementApp);
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule, globals(settlementPort)],
    controllers: [...HTTP_CONTROLLERS, LedgerMovedController],
    providers: [...HTTP_PROVIDERS, ...API_ADAPTERS],
  }).compile();
  app = module.createNestApplication<NestExpressApplication>({ logger: false, forceCloseConnections: true });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  token = newToken();
  const principal = { role: 'operator', organisation: 'STAR', name: 'staff' } as const;
  await new PgApiUserStore(pool).insert({ userId: randomUUID(), principal, tokenDigest: tokenDigest(token) });
}, 60_000);

afterAll(async () => {
  await app.close();
  await settlementApp.close();
  await pool.end();
  await database.drop();
});

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'x-request-id': 'req-1' };
  const response = await fetch(url + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: JSON.parse(await response.text()) as Record<string, unknown> };
}

describe('the HTTP side on PostgreSQL and TCP', () => {
  it('registers a pile whose password opens the door to it, once rotated no longer', async () => {
    const pile = {
      id: 'CP-1',
      operatorId: 'STAR',
      stationId: 'S-1',
      connectors: [{ connectorId: 1, ratedPowerW: 7000 }],
    };
    const { status, body } = await call('POST', '/v1/charge-points', pile);
    expect([status, body['url']]).toEqual([201, 'ws://127.0.0.1:9000/ocpp/CP-1']);
    const checker = new CredentialChecker(PEPPER);
    const store = app.get(ChargePointStore);
    const opens = async (password: unknown): Promise<boolean> =>
      checker.verify(await store.findCredential('CP-1'), Buffer.from(String(password)));
    expect(String(body['password'])).toMatch(/^[0-9a-f]{40}$/);
    expect(await opens(body['password'])).toBe(true);
    const rotated = await call('POST', '/v1/charge-points/CP-1/password');
    expect([await opens(body['password']), await opens(rotated.body['password'])]).toEqual([false, true]);
    expect((await call('GET', '/v1/charge-points/CP-1')).body).not.toHaveProperty('password');
    expect((await call('POST', '/v1/charge-points', pile)).body).toMatchObject({
      status: 409,
      code: 'charge_point_exists',
    });
  });

  it('carries principal, request id and input to settlement, and its refusals back', async () => {
    const opened = await call('POST', '/v1/accounts', {
      operatorId: 'STAR',
      idTags: [{ idTag: 'CARD' }],
      maxConcurrentSessions: 16,
    });
    expect(opened).toMatchObject({
      status: 201,
      body: { operatorId: 'STAR', idTags: [{ idTag: 'CARD', maxConcurrentSessions: 16 }] },
    });
    expect(opened.body['evId']).toMatch(/^EV-[0-9a-f]{32}$/);
    const principal = { role: 'operator', organisation: 'STAR', name: 'staff' };
    expect(seen.at(-1)).toEqual({
      operation: 'openAccount',
      principal,
      requestId: 'req-1',
      input: { evId: opened.body['evId'], operatorId: 'STAR' },
    });
    expect(await call('GET', '/v1/accounts/EV-9')).toMatchObject({
      status: 404,
      body: { code: 'account_unknown', requestId: 'req-1' },
    });
    expect((await call('GET', '/v1/id-tags/card')).body).toMatchObject({ evId: opened.body['evId'] });
  });

  it('is ready while both sides answer, and joins their metrics', async () => {
    expect(await call('GET', '/health/ready')).toMatchObject({
      status: 200,
      body: { checks: { database: 'up', settlement: 'up' } },
    });
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('settled 1');
  });

  it('leaves a line in the audit for what was done', async () => {
    const { body } = await call('GET', '/v1/audit');
    expect(body['data']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          action: 'charge-point.register',
          subject: 'CP-1',
          name: 'staff',
          requestId: 'req-1',
        }),
        expect.objectContaining({ action: 'charge-point.password', subject: 'CP-1' }),
      ]),
    );
    expect(JSON.stringify(body)).not.toMatch(/[0-9a-f]{40}"/);
  });

  it('answers 503 without saying more when settlement is away', async () => {
    const away = new RemoteSettlementClient(tcp(1));
    const context = { principal: { role: 'operator', organisation: 'STAR', name: 'x' }, requestId: 'r' } as const;
    await expect(away.call('ledgerStatus', context, {})).rejects.toMatchObject({
      problem: { status: 503, code: 'settlement_unavailable', retryable: true },
    });
    expect(await away.metrics()).toBeUndefined();
    away.onModuleDestroy();
  });
});

describe('the hint of settlement', () => {
  it('wakes the live log', () => {
    const log = app.get(LiveLogService);
    let pokes = 0;
    const controller = new LedgerMovedController(
      Object.assign(Object.create(log) as LiveLogService, { poke: () => (pokes += 1) }),
    );
    controller.moved({ blockNumber: '1' });
    expect([pokes, LEDGER_MOVED_EVENT]).toEqual([1, 'settlement.ledger-moved']);
  });
});
