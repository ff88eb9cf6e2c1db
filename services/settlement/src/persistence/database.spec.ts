import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createSettlementDatabase, type SettlementDatabase } from '../testing/test-database.js';
import { SETTLEMENT_ROLE } from './database.js';
import { appendSteps } from './steps.pg.js';
import { instantText, instantTextOrNull, recordset } from './sql-values.js';
import { PATIENCE_MS } from '../testing/until.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describe('database', () => {
  let base: SettlementDatabase;

  beforeAll(async () => {
    base = await createSettlementDatabase();
  });

  afterAll(() => base.drop());

  const mark = async () =>
    (await base.database.rows<{ change_seq: string }>('select change_seq from settlement.intake_mark'))[0]?.change_seq;

  it("works under settlement's role", async () => {
    expect(await base.database.rows('select current_user as role')).toEqual([{ role: SETTLEMENT_ROLE }]);
  });

  it('commits what a transaction resolves to, and nothing of one that throws', async () => {
    expect(
      await base.database.transaction((sql) =>
        sql.rows('update settlement.intake_mark set change_seq = 1 returning 1 as one'),
      ),
    ).toEqual([{ one: 1 }]);
    const failing = base.database.transaction(async (sql) => {
      await sql.rows('update settlement.intake_mark set change_seq = 2');
      throw new Error('second thoughts');
    });
    await expect(failing).rejects.toThrow('second thoughts');
    expect(await mark()).toBe('1');
  });

  it('outlives the loss of its connections, in the middle of a transaction too', async () => {
    const lost = base.database.transaction(async (sql) => {
      await sql.rows('update settlement.intake_mark set change_seq = 3');
      await base.owner.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tallywatt-settlement'`,
      );
      await sql.rows('select 1');
    });
    await expect(lost).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await mark()).toBe('1');
  });

  it('ends a session when its connection is gone', async () => {
    const session = await base.database.session();
    await base.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tallywatt-settlement'`,
    );
    await session.ended;
    await expect(session.rows('select 1')).rejects.toThrow();
  });

  it('gives steps numbers in the order in which they become visible', async () => {
    await base.owner.query(`
      insert into settlement.settlement (settlement_id, facts_revision, operator_id, station_id, charge_point_id, connector_id, transaction_id,
        ev_id, user_operator_id, meter_start_wh, started_at, ended_at, evidence_sha256, state, code, claimed_at, updated_at)
      values ('s1', 1, 'TELD', 'cs1', 'cp1', 1, 1, 'ev1', 'TELD', 0, now(), now(), '', 'quarantined', 'x', now(), now())`);
    const step = { settlementId: 's1', state: 'quarantined', code: 'x' } as const;
    const append = (delayMs: number) =>
      base.database.transaction(async (sql) => {
        // A transaction id of its own, drawn early: order must not depend on it.
        await sql.rows('select pg_current_xact_id()');
        await new Promise((resolve) => setTimeout(resolve, delayMs));
        await appendSteps(sql, [step, step], Date.now());
      });
    const seen: string[] = [];
    const follow = async (): Promise<void> => {
      const { rows } = await base.owner.query<{ seq: string }>(
        'select seq from settlement.settlement_step where seq > $1 order by seq',
        [seen.at(-1) ?? 0],
      );
      seen.push(...rows.map((row) => row.seq));
    };
    const writing = Promise.all(Array.from({ length: 40 }, (_, index) => append((index * 7) % 20)));
    const reading = new AbortController();
    void writing.then(() => reading.abort());
    while (!reading.signal.aborted) await follow();
    await follow();
    expect(seen.length).toBe(80);
  });

  it('writes instants to the millisecond, and rows that hold U+0000', async () => {
    const atMs = 1_772_330_400_123;
    const [row] = await base.database.rows<{ at: Date; name: string }>(
      'select $1::timestamptz as at, r.name from jsonb_to_recordset($2) as r(name text)',
      [instantText(atMs), recordset([{ name: 'a\u0000b' }])],
    );
    expect(row).toEqual({ at: new Date(atMs), name: 'a\ufffdb' });
    expect(instantTextOrNull(null)).toBeNull();
  });
});
