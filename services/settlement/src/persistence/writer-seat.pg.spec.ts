import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import { WriterSeat } from './writer-seat.pg.js';

jest.setTimeout(PATIENCE_MS);

describe('WriterSeat', () => {
  let base: TestDatabase;
  let owner: pg.Client;
  const seats: WriterSeat[] = [];
  const said: string[] = [];

  beforeAll(async () => {
    base = await createTestDatabase();
    owner = new pg.Client({ connectionString: base.url });
    await owner.connect();
  });
  afterEach(async () => {
    for (const seat of seats.splice(0)) await seat.leave();
    said.length = 0;
  });
  afterAll(async () => {
    await owner.end();
    await base.drop();
  });

  const take = async (name: string): Promise<string> => {
    const events = { standby: () => said.push(`${name} waits`), lost: () => said.push(`${name} lost it`) };
    seats.push(await WriterSeat.take(base.url, events));
    said.push(`${name} sits`);
    return name;
  };
  /** As a kill -9 of the process, or a restart of the database: the connections end. */
  const endConnections = (): Promise<unknown> =>
    owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'tallywatt-settlement-seat' and datname = current_database()`,
    );

  it('is for one; the next one says so and gets it when the first ends', async () => {
    await take('a');
    const b = take('b');
    await until(() => Promise.resolve(said.includes('b waits')));
    expect(said).toEqual(['a sits', 'b waits']);
    await seats[0]?.leave();
    await b;
    expect(said).toEqual(['a sits', 'b waits', 'b sits']);
  });

  it('is taken again after the connection was lost, and told when it went to another', async () => {
    await take('a');
    await endConnections();
    await until(async () => !(await isFree()));
    await seats[0]?.leave();
    said.length = 0;

    await take('c');
    const waiting = take('d');
    await until(() => Promise.resolve(said.includes('d waits')));
    // The waiting one is the first to come when the seat gets free: c finds it taken.
    await owner.query(
      `select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.objid = 7411104 and l.granted
         and l.database = (select oid from pg_database where datname = current_database())`,
    );
    await waiting;
    await until(() => Promise.resolve(said.includes('c lost it')));
    expect(said).toEqual(['c sits', 'd waits', 'd sits', 'c lost it']);
  });

  const isFree = async (): Promise<boolean> => {
    const { rows } = await owner.query<{ free: boolean }>(
      `select not exists (select from pg_locks where locktype = 'advisory' and objid = 7411104 and granted
         and database = (select oid from pg_database where datname = current_database())) as free`,
    );
    return rows[0]?.free === true;
  };
});
