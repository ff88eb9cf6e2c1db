import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ClientRedis } from '@nestjs/microservices';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { redisTransport } from '@tallywatt/backing-services/redis-transport';
import { LEDGER_MOVED_EVENT, type CommandView } from '@tallywatt/contracts';
import { firstValueFrom, timeout } from 'rxjs';
import { WebSocket } from 'ws';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { WirePile } from '../../../test/support/ocpp-wire.js';
import { until } from '../../../test/support/product.js';
import { OwnRedis } from '../../../test/support/redis.js';
import { CommandGateway } from './api/command-gateway.js';
import { configureHttp } from './api/http-server.js';
import { readCsmsConfig } from './config/csms.config.js';
import { CLOSE_REPLACED } from './connection/close-codes.js';
import { OcppServerLifecycle } from './connection/connection.module.js';
import { ConnectionRegistry } from './connection/connection-registry.js';
import { PileCaller } from './connection/pile-caller.js';
import { PileRouting } from './connection/pile-routing.js';
import { CsmsModule } from './csms.module.js';
import { LiveLogService } from './live-log/live-log.service.js';
import { migrate } from './persistence/migrate.js';
import { PilePasswordIssuer } from './piles/pile-password.js';
import { PileRegistry } from './piles/pile-registry.js';

Logger.overrideLogger(false);
jest.setTimeout(60_000);

/** What main allows a stop. */
const STOP_MS_MAX = 8_000;

/** Two csms over one database and one Redis, as behind a load balancer. */
describe('two instances of csms', () => {
  let database: TestDatabase;
  let redis: OwnRedis;
  const instances: NestExpressApplication[] = [];
  let password: string;
  const instance = (index: number): NestExpressApplication =>
    instances[index] ??
    (() => {
      throw new Error('no such instance');
    })();

  const start = async (): Promise<NestExpressApplication> => {
    const config = readCsmsConfig({
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      PILE_KEY_PEPPER: 'ab'.repeat(32),
      HTTP_PORT: '0',
      OCPP_PORT: '0',
    });
    const module = await Test.createTestingModule({ imports: [CsmsModule.forConfig(config)] }).compile();
    const app = module.createNestApplication<NestExpressApplication>();
    configureHttp(app);
    const strategy = app.get(PileRouting).server();
    if (strategy === undefined) throw new Error('no ear on Redis');
    app.connectMicroservice({ strategy });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    return app;
  };
  const url = (index: number): string => `ws://127.0.0.1:${instance(index).get(OcppServerLifecycle).ports[0]}/ocpp`;
  const sees = (index: number) => async (): Promise<boolean> =>
    (await instance(index).get(PileCaller).connectedAmong(['CP-1'])).has('CP-1');
  const ended = async (index: number): Promise<CommandView | undefined> => {
    const commands = instance(index).get(CommandGateway, { strict: false });
    const request = { chargePointId: 'CP-1', action: 'ClearCache', payload: {}, requestedBy: 'kim (TELD)' };
    const { id } = await commands.request(request);
    return until(
      'the command ends',
      () => commands.find(id),
      (view) => view !== undefined && !['queued', 'sent'].includes(view.state),
    );
  };

  beforeAll(async () => {
    [database, redis] = await Promise.all([createTestDatabase(), OwnRedis.start()]);
    await migrate(database.url);
    for (let index = 0; index < 2; index++) instances.push(await start());
    const issued = instance(0).get(PilePasswordIssuer, { strict: false }).issue();
    ({ password } = issued);
    await instance(0)
      .get(PileRegistry)
      .insert({
        id: 'CP-1',
        operatorId: 'TELD',
        stationId: 'S',
        connectors: [{ connectorId: 1, ratedPowerW: 22_000, type: 'AC' }],
        clock: 'live',
        simulated: false,
        strict: false,
        subprotocolOptional: false,
        securityProfile: 1,
        credentialDigest: issued.digest,
        credentialSalt: issued.salt,
      });
  });
  afterAll(async () => {
    await Promise.all(instances.map((app) => app.close()));
    await redis.kill();
    await database.drop();
  });

  it('ends a command to a pile that nobody holds', async () => {
    expect(await ended(0)).toMatchObject({ state: 'expired' });
  });

  it('takes a command to the instance that holds the pile, and back with its answer', async () => {
    const pile = await WirePile.connect(url(1), 'CP-1', password);
    await until('the other instance knows', sees(0), Boolean);
    expect(instance(0).get(ConnectionRegistry).isConnected('CP-1')).toBe(false);
    expect(await ended(0)).toMatchObject({ state: 'accepted', result: { status: 'Accepted' } });
    expect(pile.received.map(([, , action]) => action)).toContain('ClearCache');
    await pile.close();
    await until('the pile is gone for all', sees(0), (seen) => !seen);
  });

  it('knows the way again after Redis was flushed', async () => {
    const pile = await WirePile.connect(url(1), 'CP-1', password);
    await until('the other instance knows', sees(0), Boolean);
    await redis.flush();
    expect(await sees(0)()).toBe(false);
    await until('the other instance knows again', sees(0), Boolean);
    expect(await ended(0)).toMatchObject({ state: 'accepted' });
    await pile.close();
  });

  it('closes the older socket when the pile comes back to another instance', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`CP-1:${password}`).toString('base64')}` };
    const older = new WebSocket(`${url(0)}/CP-1`, ['ocpp1.6'], { headers });
    await once(older, 'open');
    await until('it is known', sees(1), Boolean);
    const closed = once(older, 'close');
    const newer = await WirePile.connect(url(1), 'CP-1', password);
    expect((await closed)[0]).toBe(CLOSE_REPLACED);
    await until(
      'the older left',
      async () => instance(0).get(ConnectionRegistry).isConnected('CP-1'),
      (is) => !is,
    );
    expect(await ended(0)).toMatchObject({ state: 'accepted' });
    await newer.close();
  });

  it('tells every instance that the ledger moved', async () => {
    const logs = instances.map((app) => jest.spyOn(app.get(LiveLogService, { strict: false }), 'poke'));
    const settlement = new ClientRedis(redisTransport(redis.url));
    await firstValueFrom(settlement.emit(LEDGER_MOVED_EVENT, { blockNumber: '1' }).pipe(timeout(5_000)), {
      defaultValue: undefined,
    });
    await until(
      'all were told',
      async () => logs.map((log) => log.mock.calls.length),
      (calls) => !calls.includes(0),
    );
    await settlement.close();
  });

  it('ends in time without its Redis', async () => {
    await redis.kill();
    const startedMs = performance.now();
    await Promise.allSettled(instances.splice(0).map((app) => app.close()));
    expect(performance.now() - startedMs).toBeLessThan(STOP_MS_MAX);
  });
});
