import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionsQuery } from '@tallywatt/contracts';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import type { Scope } from '../api/auth/scope.js';
import { FRAME_BYTES_SHOWN_MAX } from '../live-log/wording.js';
import { createPool } from './database.js';
import { PgLiveLogSource } from './live-log-source.pg.js';
import { migrate } from './migrate.js';
import { PgSessionQueries } from './session-queries.pg.js';

let database: TestDatabase;
let owner: pg.Pool;
let pool: pg.Pool;

/** What settlement publishes, as tables here: csms knows the views' shape and nothing behind them. */
const SETTLEMENT_VIEWS = `
  create schema settlement;
  create table settlement.settlement_outcome (settlement_id text primary key, state text, code text, total_minor bigint,
    tx_id text, block_number bigint, attempt integer, updated_at timestamptz);
  create table settlement.settlement_step (seq bigint primary key, settlement_id text, operator_id text, user_operator_id text,
    charge_point_id text, ev_id text, state text, code text, tx_id text, block_number bigint, total_minor bigint, at timestamptz);
  grant usage on schema settlement to tallywatt_csms;
  grant select on all tables in schema settlement to tallywatt_csms;
  insert into csms.charge_point (charge_point_id, operator_id, station_id, credential_digest, credential_salt, simulated)
    values ('CP-STAR', 'STAR', 'S-1', '\\x00', '\\x00', true), ('CP-TELD', 'TELD', 'S-2', '\\x00', '\\x00', false)`;

beforeAll(async () => {
  database = await createTestDatabase();
  await migrate(database.url);
  owner = new pg.Pool({ connectionString: database.url, max: 2 });
  await owner.query(SETTLEMENT_VIEWS);
  pool = createPool(database.url, 4);
}, 60_000);
afterAll(async () => {
  await pool.end();
  await owner.end();
  await database.drop();
});

let transactionId = 0;
async function addSession(more: Record<string, unknown> = {}): Promise<string> {
  transactionId += 1;
  const row: Record<string, unknown> = {
    session_id: randomUUID(),
    charge_point_id: 'CP-STAR',
    connector_id: 1,
    transaction_id: transactionId,
    operator_id: 'STAR',
    station_id: 'S-1',
    id_tag: 'T',
    ev_id: 'EV-1',
    user_operator_id: 'TELD',
    status: 'closed',
    authorization_status: 'Accepted',
    natural_key: Buffer.alloc(32, transactionId),
    started_at: '2026-01-01T00:00:00.123456Z',
    ended_at: '2026-01-01T01:00:00Z',
    close_kind: 'stopped',
    start_received_at: '2026-01-01T00:00:00Z',
    meter_start_wh: 1000,
    meter_stop_wh: 27400,
    revision: 1,
    ...more,
  };
  const names = Object.keys(row);
  const places = names.map((_, index) => `$${index + 1}`).join(', ');
  await owner.query(`insert into csms.session (${names.join(', ')}) values (${places})`, Object.values(row));
  return String(row['session_id']);
}

const query = (more: Record<string, string> = {}) => sessionsQuery.parse(more);
const ALL: Scope = { kind: 'all' };

describe('PgSessionQueries', () => {
  it('presents a session with the outcome that settlement publishes', async () => {
    const sessions = new PgSessionQueries(pool);
    const id = await addSession();
    expect((await sessions.find(ALL, id))?.settlement).toEqual({
      state: 'pending',
      code: null,
      total: null,
      txId: null,
      blockNumber: null,
    });
    await owner.query(`insert into settlement.settlement_outcome values ($1, 'final', null, 5306, 'ab', 7, 1, now())`, [
      id,
    ]);
    expect(await sessions.find(ALL, id)).toMatchObject({
      id,
      energyWh: 26_400,
      simulated: true,
      settlement: {
        state: 'final',
        total: { currency: 'CNY', amount: '53.06', minor: '5306' },
        txId: 'ab',
        blockNumber: 7,
      },
    });
    const refused = await addSession({ status: 'refused', revision: 0, ev_id: null, user_operator_id: null });
    expect(await sessions.find(ALL, refused)).toMatchObject({ evId: null, settlement: null });
  });

  it('shows each caller its own and nothing else', async () => {
    const sessions = new PgSessionQueries(pool);
    const own = await addSession({ ev_id: 'EV-OWN', user_operator_id: 'PTNE', operator_id: 'SG' });
    const see = async (scope: Scope): Promise<boolean> => (await sessions.find(scope, own)) !== undefined;
    const organisation = (name: string, ownUsers: boolean): Scope => ({
      kind: 'organisation',
      organisation: name,
      ownUsers,
    });
    expect(
      await Promise.all([
        see(ALL),
        see(organisation('SG', false)),
        see(organisation('SG', true)),
        see(organisation('PTNE', true)),
      ]),
    ).toEqual([true, true, true, true]);
    expect(
      await Promise.all([
        see(organisation('PTNE', false)),
        see(organisation('TELD', true)),
        see({ kind: 'driver', evId: 'EV-1' }),
      ]),
    ).toEqual([false, false, false]);
    expect(await see({ kind: 'driver', evId: 'EV-OWN' })).toBe(true);
    expect((await sessions.list({ kind: 'driver', evId: 'EV-OWN' }, query({ count: 'true' }))).total).toBe(1);
    expect((await sessions.list({ kind: 'driver', evId: '' }, query())).data).toEqual([]);
  });

  it('pages without gap or repetition through sessions of one instant, and filters', async () => {
    const sessions = new PgSessionQueries(pool);
    const evId = 'EV-PAGES';
    const ids = await Promise.all(
      Array.from({ length: 7 }, () => addSession({ ev_id: evId, started_at: '2026-03-01T00:00:00.000001Z' })),
    );
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Awaited<ReturnType<typeof sessions.list>> = await sessions.list(
        ALL,
        query({ evId, limit: '3', ...(cursor === '' ? {} : { cursor }) }),
      );
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(seen.toSorted()).toEqual(ids.toSorted());
    const count = async (more: Record<string, string>) =>
      (await sessions.list(ALL, query({ evId, count: 'true', ...more }))).total;
    expect(
      await count({
        settlementStatus: 'pending',
        status: 'closed',
        from: '2026-03-01T00:00:00Z',
        to: '2026-03-02T00:00:00Z',
      }),
    ).toBe(7);
    expect(await count({ to: '2026-03-01T00:00:00Z' })).toBe(0);
    expect(await count({ settlementStatus: 'final' })).toBe(0);
    expect(await count({ chargePointId: "CP' or 1=1 --" })).toBe(0);
    await expect(sessions.list(ALL, query({ cursor: 'bm8' }))).rejects.toMatchObject({ problem: { status: 400 } });
  });

  it('pages through readings and frames', async () => {
    const sessions = new PgSessionQueries(pool);
    const id = await addSession();
    for (let i = 0; i < 5; i += 1) {
      await owner.query(
        `insert into csms.meter_value (session_id, charge_point_id, connector_id, at, received_at, measurand, value)
        values ($1, 'CP-STAR', 1, '2026-01-01T00:00:00Z', now(), 'Energy.Active.Import.Register', $2)`,
        [id, String(i)],
      );
      await owner.query(
        `insert into csms.frame (at, charge_point_id, action, message_id, raw, session_id)
        values (now(), 'CP-STAR', 'MeterValues', $2, $3, $1)`,
        [id, `m${i}`, Buffer.from(`[2,"m${i}"]`)],
      );
    }
    const values = await sessions.meterValues(id, { limit: 3 });
    const rest = await sessions.meterValues(id, { limit: 3, cursor: values.nextCursor ?? '' });
    expect([...values.data, ...rest.data].map(({ value }) => value)).toEqual(['0', '1', '2', '3', '4']);
    const frames = await sessions.frames(id, { limit: 4 });
    const last = await sessions.frames(id, { limit: 4, cursor: frames.nextCursor ?? '' });
    expect(last.data).toMatchObject([{ frame: '[2,"m4"]', direction: 'in' }]);
    expect(last.nextCursor).toBeNull();
  });
});

describe('PgLiveLogSource', () => {
  async function addFrame(raw: string | Buffer, action: string | null = 'Heartbeat'): Promise<void> {
    await pool.query(
      `insert into csms.frame_chunk (seq, frame_count, at, charge_point_id, heads, raw) values (csms.next_change_seqs(1), 1, now(), 'CP-STAR',
        json_build_array(json_build_array(0, 'out', $2::text, 'm', 0, octet_length($1::bytea))), $1)`,
      [Buffer.from(raw), action],
    );
  }

  it('reads all kinds in order, from its place on, in pages', async () => {
    const source = new PgLiveLogSource(pool);
    const start = await source.tail(0);
    await addFrame('[2,"1","Heartbeat",{}]');
    await pool.query(`insert into csms.session_event (at, charge_point_id, operator_id, user_operator_id, ev_id, kind, data)
      values (now(), 'CP-STAR', 'STAR', 'TELD', 'EV-1', 'stopped', '{"energyWh": 26400}')`);
    await pool.query(
      `insert into csms.connection_event (at, charge_point_id, kind) values (now(), 'CP-TELD', 'connected')`,
    );
    await pool.query(
      `insert into csms.security_event (at, charge_point_id, kind) values (now(), 'CP-NOBODY', 'refused')`,
    );
    await owner.query(`insert into settlement.settlement_step
      values (41, 'sid', 'STAR', 'TELD', 'CP-STAR', 'EV-1', 'final', null, 'ab', 7, 5306, now())`);
    const events = await source.read(start, 10);
    expect(events.map(({ entry }) => entry.kind)).toEqual(['frame', 'session', 'connection', 'security', 'settlement']);
    expect(events.map(({ operatorId, userOperatorId, evId }) => [operatorId, userOperatorId, evId])).toEqual([
      ['STAR', null, null],
      ['STAR', 'TELD', 'EV-1'],
      ['TELD', null, null],
      [null, null, null],
      ['STAR', 'TELD', 'EV-1'],
    ]);
    expect(events.map(({ entry }) => entry.text)).toEqual([
      '← Heartbeat [2,"1","Heartbeat",{}]',
      'session stopped: energyWh 26400',
      'connected',
      'refused',
      'settlement final 53.06 CNY in block 7',
    ]);
    const page = await source.read(start, 2);
    expect(page.filter(({ source: from }) => from === 'csms')).toHaveLength(2);
    expect(await source.read({ csmsSeq: events[3]?.seq ?? 0n, settlementSeq: 41n }, 10)).toEqual([]);
    expect((await source.read(await source.tail(1), 10)).map(({ entry }) => entry.kind)).toEqual([
      'security',
      'settlement',
    ]);
  });

  it('goes on within a chunk of frames', async () => {
    const source = new PgLiveLogSource(pool);
    const start = await source.tail(0);
    await pool.query(`insert into csms.frame_chunk (seq, frame_count, at, charge_point_id, heads, raw) values
      (csms.next_change_seqs(3), 3, now(), 'CP-STAR', '[[0,"in","A","1",0,1],[0,"out","A","1",1,1],[2,"in","B","2",2,1]]', 'abc')`);
    const texts = async (after: typeof start, limit: number) =>
      (await source.read(after, limit)).map(({ entry }) => entry.text);
    expect(await texts(start, 2)).toEqual(['→ A a', '← A b']);
    const [, second] = await source.read(start, 2);
    expect(await texts({ ...start, csmsSeq: second?.seq ?? 0n }, 2)).toEqual(['→ B c']);
    const { csmsSeq } = await source.tail(2);
    expect(await texts({ ...start, csmsSeq }, 10)).toEqual(['← A b', '→ B c']);
  });

  it('shows no key of a pile, and the beginning of a long frame', async () => {
    const source = new PgLiveLogSource(pool);
    const start = await source.tail(0);
    const secret = 'aabbccddeeff00112233445566778899aabbccdd';
    await addFrame(
      `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"${secret}"}]`,
      'ChangeConfiguration',
    );
    await addFrame(
      `[2,"1","X",{"key":"AuthorizationKey","pad":"${'a'.repeat(FRAME_BYTES_SHOWN_MAX - 70)}","value":"${secret}"}]`,
    );
    await addFrame(Buffer.alloc(200_000, 'x'));
    const events = await source.read(start, 10);
    expect(JSON.stringify(events.map(({ entry }) => entry))).not.toContain(secret.slice(0, 8));
    expect(events[2]?.entry.data).toMatchObject({ truncated: true });
    expect(events[2]?.entry.text.length).toBeLessThan(FRAME_BYTES_SHOWN_MAX + 50);
  });
});
