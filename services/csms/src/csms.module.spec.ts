import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { WebSocket } from 'ws';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.js';
import { configureHttp } from './api/http-server.js';
import { readCsmsConfig } from './config/csms.config.js';
import { OcppServerLifecycle } from './connection/connection.module.js';
import { CsmsModule } from './csms.module.js';
import { migrate } from './persistence/migrate.js';
import { PilePasswordIssuer } from './piles/pile-password.js';
import { PileRegistry } from './piles/pile-registry.js';

Logger.overrideLogger(false);
const PEPPER = 'ab'.repeat(32);
/** Building the whole application and a database, on a machine that does other things too. */
const START_TIMEOUT_MS = 60_000;

let database: TestDatabase;
let app: NestExpressApplication;

async function startApp(): Promise<NestExpressApplication> {
  const config = readCsmsConfig({
    DATABASE_URL: database.url,
    PILE_KEY_PEPPER: PEPPER,
    HTTP_PORT: '0',
    OCPP_PORT: '0',
    SETTLEMENT_TCP_PORT: '1',
  });
  const module = await Test.createTestingModule({ imports: [CsmsModule.forConfig(config)] }).compile();
  const started = module.createNestApplication<NestExpressApplication>();
  configureHttp(started);
  await started.listen(0, '127.0.0.1');
  return started;
}

class Pile {
  private answer: (frame: unknown[]) => void = () => undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString('utf8')) as unknown[];
      if (frame[0] !== 2) this.answer(frame);
    });
  }

  static async connect(id: string, password: string): Promise<Pile> {
    const [port] = app.get(OcppServerLifecycle).ports;
    const authorization = `Basic ${Buffer.from(`${id}:${password}`).toString('base64')}`;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ocpp/${id}`, ['ocpp1.6'], { headers: { authorization } });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new Pile(socket);
  }

  async call(messageId: string, action: string, payload: object): Promise<unknown[]> {
    const answered = new Promise<unknown[]>((resolve) => (this.answer = resolve));
    this.socket.send(JSON.stringify([2, messageId, action, payload]));
    return answered;
  }

  /** Sends and is gone before the answer: K2 of reliability.md. */
  async sendAndDie(messageId: string, action: string, payload: object): Promise<void> {
    await new Promise<void>((resolve) =>
      this.socket.send(JSON.stringify([2, messageId, action, payload]), () => resolve()),
    );
    this.socket.terminate();
  }

  close(): void {
    this.socket.close();
  }
}

async function registerPile(id: string): Promise<string> {
  const { password, digest, salt } = app.get(PilePasswordIssuer, { strict: false }).issue();
  await app.get(PileRegistry).insert({
    id,
    operatorId: 'TELD',
    stationId: 'S',
    connectors: [{ connectorId: 1, ratedPowerW: 22_000, type: 'AC' }],
    clock: 'live',
    simulated: false,
    strict: false,
    subprotocolOptional: false,
    securityProfile: 1,
    credentialDigest: digest,
    credentialSalt: salt,
  });
  const pool = app.get(pg.Pool);
  await pool.query(`insert into csms.account values ($1, 'STAR', 1)`, [`EV-${id}`]);
  await pool.query(
    `insert into csms.id_tag (id_tag_key, id_tag, ev_id, operator_id) values (lower($1), $1, $2, 'STAR')`,
    [`T-${id}`, `EV-${id}`],
  );
  return password;
}

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  app = await startApp();
}, START_TIMEOUT_MS);
afterAll(async () => {
  await app.close();
  await database.drop();
}, START_TIMEOUT_MS);

describe('csms as it is started', () => {
  it('takes a session over a real WebSocket, and a resend over a new socket changes nothing', async () => {
    const password = await registerPile('CP-A');
    const pile = await Pile.connect('CP-A', password);
    expect(await pile.call('1', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' })).toMatchObject([
      3,
      '1',
      { status: 'Accepted' },
    ]);
    expect(await pile.call('2', 'Authorize', { idTag: 't-cp-a' })).toEqual([
      3,
      '2',
      { idTagInfo: { status: 'Accepted' } },
    ]);
    const start = { connectorId: 1, idTag: 'T-CP-A', meterStart: 0, timestamp: minutesAgo(30) };
    const [, , started] = await pile.call('3', 'StartTransaction', start);
    const { transactionId } = started as { transactionId: number };
    const meter = {
      connectorId: 1,
      transactionId,
      meterValue: [{ timestamp: minutesAgo(15), sampledValue: [{ value: '2500' }] }],
    };
    expect(await pile.call('4', 'MeterValues', meter)).toEqual([3, '4', {}]);
    const stop = { transactionId, idTag: 'T-CP-A', meterStop: 5000, timestamp: minutesAgo(0), reason: 'Local' };
    await pile.sendAndDie('5', 'StopTransaction', stop);

    const again = await Pile.connect('CP-A', password);
    const answer = [{ idTagInfo: { status: 'Accepted' } }];
    expect((await again.call('5', 'StopTransaction', stop)).slice(2)).toEqual(answer);
    expect((await again.call('1', 'StopTransaction', stop)).slice(2)).toEqual(answer);
    expect((await again.call('2', 'StartTransaction', start)).slice(2)).toEqual([started]);
    again.close();
    const { rows } = await app
      .get(pg.Pool)
      .query('select meter_stop_wh, hold_reason, readings from csms.settlement_request');
    expect(rows).toMatchObject([{ meter_stop_wh: '5000', hold_reason: null, readings: [[expect.any(Number), 2500]] }]);
  });

  it('answers transaction messages of any content, and refuses others by the schema', async () => {
    const pile = await Pile.connect('CP-B', await registerPile('CP-B'));
    expect(await pile.call('1', 'StartTransaction', {})).toEqual([
      3,
      '1',
      { transactionId: expect.any(Number), idTagInfo: { status: 'Invalid' } },
    ]);
    expect(await pile.call('2', 'StopTransaction', { transactionId: -1, meterStop: 1e308, timestamp: 'x' })).toEqual([
      3,
      '2',
      {},
    ]);
    expect(await pile.call('3', 'MeterValues', {})).toEqual([3, '3', {}]);
    expect((await pile.call('4', 'Authorize', {})).slice(0, 3)).toEqual([4, '4', 'OccurenceConstraintViolation']);
    pile.close();
  });

  it(
    'stops with everything written, and starts again on the same database',
    async () => {
      await app.close();
      app = await startApp();
      const { rows } = await app
        .get(pg.Pool)
        .query(`select kind from csms.connection_event where charge_point_id = 'CP-A' order by seq`);
      expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['connected', 'booted', 'disconnected']));
      const frames = await app.get(pg.Pool).query(`select from csms.frame_transient where charge_point_id = 'CP-A'`);
      expect(frames.rowCount).toBeGreaterThan(5);
    },
    START_TIMEOUT_MS,
  );
});
