import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { BreakView, PageView, ReconciliationView } from '@tallywatt/contracts';
import { foundConsortium, publishFact, publishFacts } from '../testing/consortium.js';
import { OperationsHarness, principal } from '../testing/operations-harness.js';
import { until } from '../testing/until.js';
import { LATE_AFTER_MS } from './match.js';
import { createReconciliationService, createReconciliationWatch } from './reconciliation.module.js';

Logger.overrideLogger(false);

const finance = principal('finance', 'TELD');
const supervision = principal('supervisor', 'SUPERVISION');
const PERIOD = { from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };

/** Runs over a database and the embedded ledger; breaks are made by changing what the sides say. */
describe('reconciliation', () => {
  let harness: OperationsHarness;
  let ids: string[];
  beforeAll(async () => {
    harness = await OperationsHarness.create();
    await foundConsortium(harness.engines.engine.writer);
    const facts = Array.from({ length: 12 }, (_, index) => ({
      evId: `ev${(index % 3) + 1}`,
      energyWh: 1000 * (index + 1),
    }));
    ids = (await publishFacts(harness.base.owner, [...facts, { operatorId: 'STAR' }])).slice(0, facts.length);
    await until(async () => (await harness.engines.count('settlement.bill')) === 13);
    // Every fact of the harness has the same start and register: one user at one pile would be billed twice for it.
    await change(`update csms.fact set charge_point_id = 'cp' || change_seq`);
  }, 60_000);
  afterAll(() => harness.end());

  const change = (text: string, values: readonly unknown[] = []) => harness.base.owner.query(text, [...values]);
  const get = (id: string, who = finance) =>
    harness.value<ReconciliationView>('getReconciliation', who, { reconciliationId: id });
  async function run(who = finance, input: object = PERIOD): Promise<ReconciliationView> {
    const { id } = await harness.value<ReconciliationView>('createReconciliation', who, input);
    await until(async () => (await get(id, who)).state === 'done');
    return get(id, who);
  }
  const breaksOf = (id: string, query: object = {}) =>
    harness.value<PageView<BreakView>>('listBreaks', finance, { reconciliationId: id, ...query });

  it('answers at once and has its result when it is done', async () => {
    const created = await harness.value<ReconciliationView>('createReconciliation', finance, PERIOD);
    expect(created).toMatchObject({ state: 'running', operatorId: 'TELD', matched: 0, breaksByType: {} });
    await until(async () => (await get(created.id)).state === 'done');
  });

  it('says the same of charger, job and bill', async () => {
    const done = await run();
    const totals = { count: 12, energyWh: 78_000, amount: { currency: 'CNY', amount: '78.00', minor: '7800' } };
    expect(done).toMatchObject({
      evidence: totals,
      jobs: totals,
      bills: totals,
      inFlight: 0,
      quarantined: 0,
      ledger: 'embedded',
    });
    expect(await run(supervision)).toMatchObject({ operatorId: null, evidence: { count: 13, energyWh: 88_000 } });
    expect(await run(supervision, { ...PERIOD, operatorId: 'STAR' })).toMatchObject({ matched: 1, breaks: 0 });
  });

  it('is half-open over the end of sessions', async () => {
    expect(await run(finance, { from: '2026-03-01T03:00:00Z', to: PERIOD.to })).toMatchObject({
      evidence: { count: 12 },
    });
    expect(await run(finance, { from: PERIOD.from, to: '2026-03-01T03:00:00Z' })).toMatchObject({
      evidence: { count: 0 },
    });
  });

  it('sees that one user cannot have started twice at one register', async () => {
    expect(await run()).toMatchObject({ matched: 3, breaksByType: { DUPLICATE_BILL: 9 } });
    for (const [index, id] of ids.entries()) {
      const start = new Date(Date.UTC(2026, 1, index + 1)).toISOString();
      await change(`update csms.fact set started_at = $2 where settlement_id = $1`, [id, start]);
      await change(`update settlement.settlement set started_at = $2 where settlement_id = $1`, [id, start]);
      await change(
        `update settlement.bill set started_at = $2, content_sha256 = 'stale',
           lines = jsonb_set(lines, '{0,fromMs}', to_jsonb($3::bigint)) where bill_id = $1`,
        [id, start, Date.parse(start)],
      );
      await change(
        `update settlement.settlement set lines = jsonb_set(lines, '{0,fromMs}', to_jsonb($2::bigint)) where settlement_id = $1`,
        [id, Date.parse(start)],
      );
    }
    expect(await run()).toMatchObject({ matched: 0, breaksByType: { HASH_MISMATCH: 12 } });
  });

  it('gives the same bytes for the same input and block', async () => {
    const { id: firstId, ...first } = await run();
    const { id: againId, ...again } = await run(finance, { ...PERIOD, asOfBlock: first.asOfBlock });
    expect(againId).not.toBe(firstId);
    expect(JSON.stringify(again)).toBe(JSON.stringify(first));
    expect(JSON.stringify(await breaksOf(againId))).toBe(JSON.stringify(await breaksOf(firstId)));
  });

  it('finds what was done to each side, and keeps what a person said', async () => {
    const [a, b, c] = ids;
    await change(`update settlement.settlement set total_minor = total_minor + 1 where settlement_id = $1`, [a]);
    await change(`delete from csms.fact where settlement_id = $1`, [b]);
    await change(`update settlement.settlement set ev_id = 'ev9' where settlement_id = $1`, [c]);
    const done = await run();
    expect(done.breaksByType).toEqual({ AMOUNT_DIFF: 1, HASH_MISMATCH: 12, MISSING_SESSION: 1, PARTY_DIFF: 1 });
    const { data } = await breaksOf(done.id, { type: 'AMOUNT_DIFF' });
    expect(data).toEqual([
      expect.objectContaining({
        settlementId: a,
        state: 'open',
        comments: [],
        job: expect.objectContaining({ amountMinor: '101' }),
        bill: expect.objectContaining({ amountMinor: '100' }),
      }),
    ]);
    const explained = { breakId: data[0]?.id, state: 'explained', comment: 'rounding of the old release' };
    expect(await harness.value('updateBreak', finance, explained)).toMatchObject({
      state: 'explained',
      comments: [{ by: 'finance of TELD', text: explained.comment }],
    });
    expect((await harness.ask('updateBreak', principal('finance', 'STAR'), explained)).ok).toBe(false);
    const again = await run();
    expect((await breaksOf(again.id, { state: 'explained' })).data.map(({ id }) => id)).toEqual([data[0]?.id]);
    await change(`update settlement.settlement set total_minor = total_minor - 1 where settlement_id = $1`, [a]);
    await change(
      `update settlement.settlement set ev_id = (select ev_id from settlement.bill where bill_id = $1) where settlement_id = $1`,
      [c],
    );
  });

  it('pages breaks', async () => {
    const { id } = await run();
    const first = await breaksOf(id, { limit: 5, count: 'true' });
    const second = await breaksOf(id, { limit: 200, cursor: first.nextCursor });
    expect([first.total, first.data.length, second.data.length, second.nextCursor]).toEqual([13, 5, 8, null]);
    expect(new Set([...first.data, ...second.data].map((one) => one.id)).size).toBe(13);
  });

  it('looks at an earlier block as it was then', async () => {
    const early = await run(finance, { ...PERIOD, asOfBlock: 0 });
    expect(early).toMatchObject({ asOfBlock: 0, bills: { count: 0 }, evidence: { count: 0 }, breaks: 0 });
    const asked = { ...PERIOD, asOfBlock: 1_000_000 };
    expect(await harness.ask('createReconciliation', finance, asked)).toMatchObject({
      ok: false,
      problem: { status: 400 },
    });
  });

  it('counts what is held, and what is late', async () => {
    const before = await run();
    await publishFact(harness.base.owner, { holdReason: 'implausible_power' });
    await until(async () => (await run()).quarantined === 1);
    await harness.engines.end();
    await publishFact(harness.base.owner, { evId: 'ev2' });
    expect(await run()).toMatchObject({ inFlight: 1, quarantined: 1, breaks: before.breaks });
    harness.engines.clock.advance(LATE_AFTER_MS + 1000);
    expect((await run()).breaksByType['MISSING_JOB']).toBe(1);
  }, 20_000);

  it('hides runs and breaks of other organisations', async () => {
    const { id } = await run();
    const star = principal('finance', 'STAR');
    for (const operation of ['getReconciliation', 'listBreaks'] as const) {
      const foreign = await harness.ask(operation, star, { reconciliationId: id });
      const none = await harness.ask(operation, star, { reconciliationId: '00000000-0000-4000-8000-000000000000' });
      expect(foreign).toEqual(none);
      expect(foreign).toMatchObject({ ok: false, problem: { status: 404 } });
    }
    const asked = { ...PERIOD, operatorId: 'TELD' };
    expect(await harness.ask('createReconciliation', star, asked)).toMatchObject({
      ok: false,
      problem: { status: 403 },
    });
  });

  it('matches the bills of new blocks by itself, once', async () => {
    const { database } = harness.base;
    const watch = createReconciliationWatch(database, harness.engines.clock);
    await change('truncate settlement.break, settlement.break_comment, settlement.reconciliation_break');
    // Twelve of TELD with a stale hash, one of them without its session.
    expect(await watch.look()).toBe(13);
    expect(await watch.look()).toBe(0);
    const [mark] = await database.rows<{ next_block: string }>('select next_block from settlement.reconciliation_mark');
    expect(Number(mark?.next_block)).toBe(Number(await harness.ledger.height()));
  });

  it('takes up a run that was cut short', async () => {
    const { id, ...done } = await run();
    await change(`update settlement.reconciliation set state = 'running', result = null where reconciliation_id = $1`, [
      id,
    ]);
    const next = createReconciliationService(harness.base.database, harness.engines.clock);
    await next.start();
    await next.settled();
    expect(await get(id)).toEqual({ id, ...done });
  });
});
