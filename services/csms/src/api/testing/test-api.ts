import { DiscoveryModule } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import type { Principal } from '@tallywatt/contracts';
import { MemoryPendingPiles, PendingPiles } from '../../connection/pending-piles.js';
import { PileCaller } from '../../connection/pile-caller.js';
import { DatabaseProbe } from '../../health/database-probe.js';
import { LiveLogSource } from '../../live-log/live-log-source.js';
import { OcppAddress } from '../../piles/ocpp-address.js';
import { PilePasswordIssuer } from '../../piles/pile-password.js';
import { PileRegistry } from '../../piles/pile-registry.js';
import { IdTagRegistry } from '../accounts/id-tag-registry.js';
import { HTTP_CONTROLLERS, HTTP_PROVIDERS } from '../api.components.js';
import { AuditLog } from '../audit.js';
import { ApiUserStore } from '../auth/api-user.store.js';
import { newToken, tokenDigest } from '../auth/token.js';
import { CommandGateway } from '../command-gateway.js';
import { configureHttp } from '../http-server.js';
import { IdempotencyStore } from '../idempotency.store.js';
import { SessionQueries } from '../sessions/session-queries.js';
import { SettlementClient } from '../settlement-client.js';
import { FakeSettlement } from './fake-settlement.js';
import {
  FakeCommands,
  FakeDatabaseProbe,
  FakePileCaller,
  MemoryApiUserStore,
  MemoryAuditLog,
  MemoryIdTags,
  MemoryIdempotencyStore,
  MemoryLiveLogSource,
  MemoryPileRegistry,
  MemorySessionQueries,
} from './fakes.js';

/** The whole HTTP side on a real socket, over fakes of its ports. */
export async function startTestApi() {
  const fakes = {
    users: new MemoryApiUserStore(),
    piles: new MemoryPileRegistry(),
    sessions: new MemorySessionQueries(),
    tags: new MemoryIdTags(),
    audit: new MemoryAuditLog(),
    log: new MemoryLiveLogSource(),
    caller: new FakePileCaller(),
    commands: new FakeCommands(),
    database: new FakeDatabaseProbe(),
    pending: new MemoryPendingPiles(),
    settlement: new FakeSettlement(),
  };
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers: [...HTTP_CONTROLLERS],
    providers: [
      ...HTTP_PROVIDERS,
      { provide: ApiUserStore, useValue: fakes.users },
      { provide: PileRegistry, useValue: fakes.piles },
      { provide: SessionQueries, useValue: fakes.sessions },
      { provide: IdTagRegistry, useValue: fakes.tags },
      { provide: AuditLog, useValue: fakes.audit },
      { provide: IdempotencyStore, useValue: new MemoryIdempotencyStore() },
      { provide: LiveLogSource, useValue: fakes.log },
      { provide: PileCaller, useValue: fakes.caller },
      { provide: CommandGateway, useValue: fakes.commands },
      { provide: DatabaseProbe, useValue: fakes.database },
      { provide: PendingPiles, useValue: fakes.pending },
      { provide: SettlementClient, useValue: fakes.settlement },
      { provide: PilePasswordIssuer, useValue: new PilePasswordIssuer(Buffer.alloc(32, 7)) },
      { provide: OcppAddress, useValue: new OcppAddress('ws://127.0.0.1:9000') },
    ],
  }).compile();
  const app = module.createNestApplication<NestExpressApplication>({ logger: false, forceCloseConnections: true });
  configureHttp(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { app, url, fakes, ...clientOf(url, fakes.users) };
}

export type TestApi = Awaited<ReturnType<typeof startTestApi>>;

function clientOf(url: string, users: MemoryApiUserStore) {
  let userNumber = 0;
  /** A token for the principal. */
  async function tokenFor(principal: Omit<Principal, 'name'> & { readonly name?: string }): Promise<string> {
    const token = newToken();
    userNumber += 1;
    const name = principal.name ?? `user ${userNumber}`;
    await users.insert({
      userId: `u${userNumber}`,
      principal: { ...principal, name },
      tokenDigest: tokenDigest(token),
    });
    return token;
  }

  async function request(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: () => JSON.parse(text) as Record<string, unknown>,
    };
  }
  return { tokenFor, request };
}
