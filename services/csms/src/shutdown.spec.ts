import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { WirePile } from '../../../test/support/ocpp-wire.js';
import { configureHttp } from './api/http-server.js';
import { readCsmsConfig } from './config/csms.config.js';
import { OcppServerLifecycle } from './connection/connection.module.js';
import { CsmsModule } from './csms.module.js';
import { migrate } from './persistence/migrate.js';
import { PilePasswordIssuer } from './piles/pile-password.js';
import { PileRegistry } from './piles/pile-registry.js';
import { DriverStanding } from './sessions/driver-standing.js';

jest.setTimeout(60_000);
const PILES = 20;
/** Longer than any writer waits for company. */
const LATE_MS = 500;

describe('a stop of csms under traffic', () => {
  let database: TestDatabase;
  let app: NestExpressApplication;
  let pool: pg.Pool;
  const said: string[] = [];

  beforeAll(async () => {
    const say = (...words: unknown[]): void => void said.push(JSON.stringify(words));
    database = await createTestDatabase();
    await migrate(database.url);
    pool = new pg.Pool({ connectionString: database.url, max: 1 });
    await pool.query(`create schema if not exists settlement; create view settlement.driver_standing as
      select 'ev' as ev_id, false as blocked, false as frozen, generate_series(1, 20_000) as change_seq;
      grant usage on schema settlement to tallywatt_csms; grant select on settlement.driver_standing to tallywatt_csms`);
    const config = readCsmsConfig({
      DATABASE_URL: database.url,
      PILE_KEY_PEPPER: 'ab'.repeat(32),
      HTTP_PORT: '0',
      OCPP_PORT: '0',
      SETTLEMENT_TCP_PORT: '1',
    });
    const module = await Test.createTestingModule({ imports: [CsmsModule.forConfig(config)] })
      .setLogger({ log: () => undefined, warn: say, error: say, fatal: say })
      .compile();
    app = module.createNestApplication<NestExpressApplication>();
    configureHttp(app);
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const connect = async (number: number): Promise<WirePile> => {
    const id = `CP-${number}`;
    const { password, digest, salt } = app.get(PilePasswordIssuer, { strict: false }).issue();
    await app.get(PileRegistry).insert({
      id,
      operatorId: 'TELD',
      stationId: 'S',
      connectors: [{ connectorId: 1, ratedPowerW: 22_000, type: 'AC' }],
      clock: 'live',
      simulated: true,
      strict: false,
      subprotocolOptional: false,
      securityProfile: 1,
      credentialDigest: digest,
      credentialSalt: salt,
    });
    const [port] = app.get(OcppServerLifecycle).ports;
    return WirePile.connect(`ws://127.0.0.1:${port}/ocpp`, id, password);
  };

  it('writes every goodbye, and nothing after its database is closed', async () => {
    const piles = await Promise.all(Array.from({ length: PILES }, (_, index) => connect(index)));
    for (const pile of piles) {
      void pile.call('Heartbeat', {});
      void pile.call('StartTransaction', { connectorId: 1, idTag: 'T', meterStart: 0, timestamp: 'x' });
    }
    // Settlement goes on: its blocks make csms read while it stops.
    const standing = app.get(DriverStanding);
    const stopped = new AbortController();
    const ledger = (async () => {
      while (!stopped.signal.aborted) {
        await standing.refresh();
        await sleep(1);
      }
    })();
    await app.close();
    await sleep(LATE_MS);
    stopped.abort();
    await ledger;
    expect(said).toEqual([]);
    const { rows } = await pool.query(
      `select count(*)::int as goodbyes from csms.connection_event where kind = 'disconnected'`,
    );
    expect(rows).toEqual([{ goodbyes: PILES }]);
  });
});
