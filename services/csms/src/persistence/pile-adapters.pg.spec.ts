import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg, { type Pool } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { StoreUnavailableError } from '../ocpp/handles.decorator.js';
import { PgChargePointStore } from './charge-point.pg.js';
import { PgConnectionLog } from './connection-log.pg.js';
import { createPool } from './database.js';
import { PgStandingSource } from './driver-standing.pg.js';
import { FRAME_LENGTH_MAX } from './frame-chunks.js';
import { PgFrameLog } from './frame-log.pg.js';
import { migrate } from './migrate.js';
import { FRAME_DAYS_KEPT, keepPartitions } from './partitions.js';
import { PileActivity } from './pile-activity.pg.js';
import { COLUMN_LENGTH_MAX, PgPileJournal } from './pile-journal.pg.js';
import { PgSessionRepository } from './session-repository.pg.js';
import { StoreCircuit } from './store-circuit.js';

Logger.overrideLogger(false);
const NOON = Date.UTC(2026, 5, 1, 12);
const DAY_MS = 24 * 3_600_000;

let database: TestDatabase;
let pool: Pool;
const circuit = new StoreCircuit();
const rows = async (sql: string): Promise<object[]> => (await pool.query<object>(sql)).rows;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  pool = createPool(database.url, 4);
  for (const id of ['CP-1', 'CP-2']) {
    await pool.query(
      `insert into csms.charge_point (charge_point_id, operator_id, station_id, credential_digest, credential_salt) values ($1, 'TELD', 'S', '', '')`,
      [id],
    );
  }
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('PgPileJournal', () => {
  const boot = { chargePointVendor: 'Vendor\0', chargePointModel: 'M'.repeat(5000), firmwareVersion: '1.2' };

  it('keeps what a boot says, cut to its column, whatever the characters', async () => {
    const journal = new PgPileJournal(pool, circuit);
    await Promise.all([
      journal.boot('CP-1', boot, NOON),
      journal.boot('CP-2', { ...boot, chargePointVendor: 'Other' }, NOON),
    ]);
    expect(
      await rows(
        'select vendor, length(model) as length, firmware_version, booted_at from csms.charge_point order by charge_point_id',
      ),
    ).toEqual([
      { vendor: 'Vendor\uFFFD', length: COLUMN_LENGTH_MAX, firmware_version: '1.2', booted_at: new Date(NOON) },
      { vendor: 'Other', length: COLUMN_LENGTH_MAX, firmware_version: '1.2', booted_at: new Date(NOON) },
    ]);
  });

  it('keeps the last status of each connector', async () => {
    const journal = new PgPileJournal(pool, circuit);
    const entry = (status: 'Charging' | 'Available', connectorId = 1) => ({
      chargePointId: 'CP-1',
      statusAtMs: NOON,
      receivedAtMs: NOON,
      request: { connectorId, status, errorCode: 'NoError' },
    });
    await Promise.all([
      journal.status(entry('Charging')),
      journal.status(entry('Available')),
      journal.status(entry('Charging', 0)),
    ]);
    await journal.status(entry('Charging', 2));
    expect(await rows('select connector_id, status from csms.connector_status order by connector_id')).toEqual([
      { connector_id: 0, status: 'Charging' },
      { connector_id: 1, status: 'Available' },
      { connector_id: 2, status: 'Charging' },
    ]);
  });

  it('keeps firmware and diagnostics', async () => {
    const journal = new PgPileJournal(pool, circuit);
    await journal.firmwareStatus('CP-1', 'Installed');
    await journal.diagnosticsStatus('CP-1', 'Uploaded');
    expect(
      await rows(`select firmware_status, diagnostics_status from csms.charge_point where charge_point_id = 'CP-1'`),
    ).toEqual([{ firmware_status: 'Installed', diagnostics_status: 'Uploaded' }]);
  });
});

describe('PgFrameLog', () => {
  it('keeps all frames but the transaction calls of piles, and when a pile was seen', async () => {
    await keepPartitions(pool, new Date(NOON));
    const activity = new PileActivity(pool, circuit);
    const log = new PgFrameLog(pool, circuit, activity);
    const base = { chargePointId: 'CP-1', at: NOON, messageId: 'm' };
    log.append({ ...base, direction: 'in', action: 'Heartbeat', frame: '[2,"m","Heartbeat",{}]' });
    log.append({ ...base, direction: 'in', action: 'StopTransaction', frame: '[2]', at: NOON + 1000 });
    log.append({ ...base, direction: 'out', action: 'StopTransaction', frame: '[3]' });
    log.append({
      ...base,
      direction: 'in',
      action: undefined,
      frame: `\0${'x'.repeat(FRAME_LENGTH_MAX)}`,
      messageId: '\ud800',
    });
    await log.flush();
    await activity.flush();
    expect(
      await rows('select direction, action, length(raw) as length from csms.frame_transient order by seq'),
    ).toEqual([
      { direction: 'in', action: 'Heartbeat', length: 22 },
      { direction: 'out', action: 'StopTransaction', length: 3 },
      { direction: 'in', action: null, length: FRAME_LENGTH_MAX },
    ]);
    expect(
      await rows(`select last_seen_at, last_heartbeat_at from csms.charge_point where charge_point_id = 'CP-1'`),
    ).toEqual([{ last_seen_at: new Date(NOON + 1000), last_heartbeat_at: new Date(NOON) }]);
  });

  it('numbers the frames of each pile in their order, without a gap', async () => {
    const log = new PgFrameLog(pool, circuit, new PileActivity(pool, circuit));
    const base = { direction: 'in', action: 'DataTransfer' } as const;
    for (const [chargePointId, frame, at] of [
      ['CP-2', '["é"]', NOON],
      ['CP-1', '["1"]', NOON + 5],
      ['CP-2', '["😀"]', NOON + 7],
      ['CP-2', '', NOON - 3],
    ] as const)
      log.append({ ...base, chargePointId, frame, at, messageId: frame });
    await log.flush();
    const found = await pool.query<{ seq: string; charge_point_id: string; at: Date; message_id: string; raw: Buffer }>(
      `select seq, charge_point_id, at, message_id, raw from csms.frame_transient where action = 'DataTransfer' order by seq`,
    );
    expect(found.rows.map((row) => [row.charge_point_id, row.at.getTime() - NOON, row.raw.toString()])).toEqual([
      ['CP-2', 0, '["é"]'],
      ['CP-2', 7, '["😀"]'],
      ['CP-2', -3, ''],
      ['CP-1', 5, '["1"]'],
    ]);
    expect(found.rows.map(({ message_id }) => message_id)).toEqual(found.rows.map(({ raw }) => raw.toString()));
    const first = Number(found.rows[0]?.seq);
    expect(found.rows.map(({ seq }) => Number(seq))).toEqual([first, first + 1, first + 2, first + 3]);
  });

  it(`loses frames after ${FRAME_DAYS_KEPT} days, and no evidence`, async () => {
    await pool.query(
      `insert into csms.frame (at, charge_point_id, action, message_id, raw) values ($1, 'CP-1', 'StopTransaction', 'm', '')`,
      [new Date(NOON)],
    );
    await keepPartitions(pool, new Date(NOON + FRAME_DAYS_KEPT * DAY_MS));
    expect(await rows('select from csms.frame_transient')).toHaveLength(7);
    await keepPartitions(pool, new Date(NOON + (FRAME_DAYS_KEPT + 1) * DAY_MS));
    expect(await rows('select from csms.frame_transient')).toEqual([]);
    expect(await rows('select from csms.frame')).toHaveLength(1);
  });
});

describe('PgConnectionLog', () => {
  it('keeps connections and attacks apart, and believes the newest socket', async () => {
    const log = new PgConnectionLog(pool, circuit, randomUUID());
    const base = { at: NOON, chargePointId: 'CP-1' };
    log.append({ ...base, kind: 'connected', epoch: 1, remoteAddress: '::1', secure: false });
    log.append({ ...base, kind: 'swapped', epoch: 2, remoteAddress: '::2' });
    log.append({ ...base, kind: 'connected', epoch: 2, remoteAddress: '::2', secure: false });
    log.append({ ...base, kind: 'disconnected', epoch: 1, code: 1000, reason: 'replaced' });
    log.append({ ...base, kind: 'refused', cause: 'bad-credentials', remoteAddress: '::3' });
    await log.flush();
    expect(await rows('select kind from csms.connection_event order by seq')).toEqual([
      { kind: 'connected' },
      { kind: 'connected' },
      { kind: 'disconnected' },
    ]);
    expect(await rows('select kind, detail from csms.security_event')).toEqual([
      { kind: 'swapped', detail: { epoch: 2, remoteAddress: '::2' } },
    ]);
    const connected = `select connected from csms.charge_point where charge_point_id = 'CP-1'`;
    expect(await rows(connected)).toEqual([{ connected: true }]);
    log.append({ ...base, kind: 'disconnected', epoch: 2, code: 1000, reason: '' });
    await log.flush();
    expect(await rows(connected)).toEqual([{ connected: false }]);
  });
});

describe('PgStandingSource', () => {
  it('reads what settlement publishes, blocked or frozen', async () => {
    const owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    await owner.query(`create schema settlement; create view settlement.driver_standing as
      select * from (values ('a', false, false, 1), ('b', true, false, 2), ('c', false, true, 3)) as s(ev_id, blocked, frozen, change_seq);
      grant usage on schema settlement to tallywatt_csms; grant select on settlement.driver_standing to tallywatt_csms`);
    await owner.end();
    expect(await new PgStandingSource(pool).changedSince(1n, 10)).toEqual([
      { evId: 'b', isBlocked: true, changeSeq: 2n },
      { evId: 'c', isBlocked: true, changeSeq: 3n },
    ]);
  });
});

describe('the store', () => {
  it('that is away gives no answer, at once', async () => {
    const away = createPool('postgres://nobody@127.0.0.1:1/none', 1);
    const repository = new PgSessionRepository(away, new StoreCircuit());
    await expect(repository.findTag('x')).rejects.toThrow(StoreUnavailableError);
    await expect(repository.commit({})).rejects.toThrow(StoreUnavailableError);
    await expect(repository.unendedOf('CP')).rejects.toThrow(StoreUnavailableError);
    await expect(new PgChargePointStore(away).find('CP-1')).rejects.toThrow(StoreUnavailableError);
    await away.end();
  });
});
