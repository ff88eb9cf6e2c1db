import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import type { ConnectionEvent } from '../connection/connection-log.js';
import { PENDING_PILES_MAX } from '../connection/limits.js';
import { PgConnectionLog } from './connection-log.pg.js';
import { createPool } from './database.js';
import { DEAD_AFTER_S, InstancePresence } from './instance-presence.pg.js';
import { migrate } from './migrate.js';
import { PgPendingPiles } from './pending-piles.pg.js';
import { StoreCircuit } from './store-circuit.js';

Logger.overrideLogger(false);
const NOON = Date.UTC(2026, 0, 1, 12);

describe('two csms processes on one database', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let owner: pg.Pool;

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate(database.url);
    pool = createPool(database.url, 4);
    owner = new pg.Pool({ connectionString: database.url, max: 1 });
  });
  beforeEach(async () => {
    await owner.query(`delete from csms.instance; delete from csms.pending_charge_point; delete from csms.charge_point;
      insert into csms.charge_point (charge_point_id, operator_id, station_id, credential_digest, credential_salt)
      select 'CP-' || n, 'TELD', 'S', '', '' from generate_series(1, 3) as n`);
  });
  afterAll(async () => {
    await Promise.all([pool.end(), owner.end()]);
    await database.drop();
  });

  const process = async () => {
    const presence = new InstancePresence(pool);
    await presence.sayAlive();
    return { presence, log: new PgConnectionLog(pool, new StoreCircuit(), presence.instanceId) };
  };
  const opened = (chargePointId: string, epoch: number): ConnectionEvent => ({
    at: NOON,
    chargePointId,
    kind: 'connected',
    epoch,
    remoteAddress: '10.0.0.1',
    secure: false,
  });
  const closed = (chargePointId: string, epoch: number): ConnectionEvent => ({
    at: NOON,
    chargePointId,
    kind: 'disconnected',
    epoch,
    code: 1006,
    reason: '',
  });
  const connected = async (): Promise<string[]> => {
    const { rows } = await pool.query<{ id: string }>(
      'select charge_point_id as id from csms.charge_point where connected order by 1',
    );
    return rows.map(({ id }) => id);
  };
  const growOld = (instanceId: string): Promise<unknown> =>
    owner.query(`update csms.instance set alive_at = now() - make_interval(secs => $1) where instance_id = $2`, [
      DEAD_AFTER_S + 1,
      instanceId,
    ]);

  it('the start of one leaves the piles of the other connected', async () => {
    const a = await process();
    a.log.append(opened('CP-1', 1));
    await a.log.flush();
    await process();
    expect(await connected()).toEqual(['CP-1']);
  });

  it('the piles of a killed one are nobody’s, those of the living stay', async () => {
    const [a, b] = [await process(), await process()];
    a.log.append(opened('CP-1', 1));
    b.log.append(opened('CP-2', 2));
    await Promise.all([a.log.flush(), b.log.flush()]);
    await growOld(a.presence.instanceId);
    await b.presence.sayAlive();
    expect(await connected()).toEqual(['CP-2']);
    expect((await pool.query('select from csms.instance')).rowCount).toBe(1);
  });

  it('a process that leaves is nobody at once', async () => {
    const [a, b] = [await process(), await process()];
    a.log.append(opened('CP-1', 1));
    await a.log.flush();
    await a.presence.leave();
    await b.presence.sayAlive();
    expect(await connected()).toEqual([]);
  });

  it('the end of an older socket, told late, does not undo the newer one elsewhere', async () => {
    const [a, b] = [await process(), await process()];
    a.log.append(opened('CP-3', 10));
    await a.log.flush();
    b.log.append(opened('CP-3', 11));
    await b.log.flush();
    a.log.append(closed('CP-3', 10));
    await a.log.flush();
    expect(await connected()).toEqual(['CP-3']);
    b.log.append(closed('CP-3', 11));
    await b.log.flush();
    expect(await connected()).toEqual([]);
  });

  it('who knocked at one is on the list of the other, its knocks added up, until it is registered', async () => {
    const [a, b] = [new PgPendingPiles(pool), new PgPendingPiles(pool)];
    a.note('NEW', '10.0.0.1', NOON);
    b.note('NEW', '10.0.0.2', NOON + 1_000);
    b.note('OTHER', '10.0.0.3', NOON + 2_000);
    await Promise.all([a.flush(), b.flush()]);
    expect(await a.list()).toMatchObject([{ chargePointId: 'OTHER' }, { chargePointId: 'NEW', attempts: 2 }]);
    await a.remove('NEW');
    expect((await b.list()).map(({ chargePointId }) => chargePointId)).toEqual(['OTHER']);
    // A knock that is written after the pile was registered elsewhere.
    b.note('CP-1', '10.0.0.4', NOON);
    expect((await b.list()).map(({ chargePointId }) => chargePointId)).toEqual(['OTHER']);
  });

  it('strangers fill no more than the cap, whichever process they knock at', async () => {
    const lists = [new PgPendingPiles(pool), new PgPendingPiles(pool)];
    for (let n = 0; n < PENDING_PILES_MAX; n++)
      lists.forEach((list, index) => list.note(`S${index}-${n}`, '10.0.0.1', NOON + n));
    for (const list of lists) await list.flush();
    const { rows } = await pool.query('select count(*)::int as kept from csms.pending_charge_point');
    expect(rows).toEqual([{ kept: PENDING_PILES_MAX }]);
    expect((await lists[0]?.list())?.[0]?.chargePointId).toBe(`S0-${PENDING_PILES_MAX - 1}`);
  });
});
