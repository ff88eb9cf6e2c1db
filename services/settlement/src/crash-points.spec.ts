import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RESUBMIT_AFTER_MS } from './batching/transaction-courier.js';
import { LedgerError } from './ledger/ledger.port.js';
import { PgBatchStore } from './persistence/batch-store.pg.js';
import { foundConsortium, publishFact } from './testing/consortium.js';
import { EngineHarness } from './testing/engine-harness.js';
import { ScriptedLedger } from './testing/scripted-ledger.js';
import { createSettlementDatabase } from './testing/test-database.js';
import { PATIENCE_MS, until } from './testing/until.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

/** reliability.md section 3 from K5 on: the service dies between every two steps, the next life goes on, and nothing is lost or doubled. */
describe('crash points', () => {
  const ledger = new ScriptedLedger();
  let harness: EngineHarness;

  beforeAll(async () => {
    harness = new EngineHarness(await createSettlementDatabase(), ledger);
    await harness.begin();
    await foundConsortium(harness.engine.writer);
  });

  afterAll(async () => {
    await harness.end();
    await harness.base.drop();
  });

  const reaches = (id: string, state: string): Promise<void> => until(async () => (await harness.state(id)) === state);
  const claim = async (id: string): Promise<void> => {
    await harness.engine.processor.process({ settlementId: id }, 1);
  };

  const billedOnce = async (id: string): Promise<void> => {
    await reaches(id, 'final');
    expect(await harness.count(`settlement.bill where bill_id = '${id}'`)).toBe(1);
    expect(await harness.count(`settlement.settlement_step where settlement_id = '${id}' and state = 'final'`)).toBe(1);
    const verdicts = ledger.chain
      .flatMap((block) => block.transactions)
      .filter((transaction) => transaction.args.includes(id));
    expect(verdicts.filter((transaction) => transaction.code === 'VALID').length).toBe(1);
  };

  it('K5: claimed, nothing sent', async () => {
    await harness.end();
    const id = await publishFact(harness.base.owner);
    await harness.base.owner.query(`
      insert into settlement.settlement (settlement_id, facts_revision, operator_id, station_id, charge_point_id, connector_id, transaction_id,
        ev_id, user_operator_id, meter_start_wh, meter_stop_wh, started_at, ended_at, evidence_sha256, state, lines, total_minor, claimed_at, updated_at)
      select settlement_id, 1, operator_id, station_id, charge_point_id, connector_id, transaction_id, ev_id, user_operator_id, meter_start_wh,
        meter_stop_wh, started_at, ended_at, evidence_sha256, 'pending',
        '[{"priceId":"p-TELD","fromMs":1772330400000,"toMs":1772334000000,"energyWh":"10000"}]', 1000, now(), now()
      from csms.fact where settlement_id = '${id}'`);
    await harness.begin();
    await billedOnce(id);
  });

  it('K6: endorsed, bytes not stored', async () => {
    await harness.base.owner.query(
      `create function settlement.refuse() returns trigger language plpgsql as $$ begin raise exception 'killed here'; end $$;
       create trigger refuse before insert on settlement.outgoing_transaction for each row execute function settlement.refuse()`,
    );
    const submits = ledger.submits.length;
    const id = await publishFact(harness.base.owner);
    await claim(id);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await harness.state(id)).toBe('pending');
    expect(ledger.submits.length).toBe(submits);
    await harness.end();
    await harness.base.owner.query('drop trigger refuse on settlement.outgoing_transaction');
    await harness.begin();
    await billedOnce(id);
  });

  it('K7: stored, not submitted', async () => {
    ledger.faults.submitBefore.push(new LedgerError('ask-again', 'KILLED', 'killed here'));
    const id = await publishFact(harness.base.owner);
    await claim(id);
    await reaches(id, 'prepared');
    await harness.end();
    const txId = (await harness.outcome(id))?.tx_id;
    await harness.begin();
    await billedOnce(id);
    expect((await harness.outcome(id))?.tx_id).toBe(txId);
  });

  it('K8: submitted, no answer, and the orderers have it', async () => {
    ledger.manual = true;
    ledger.faults.submitAfter.push(new LedgerError('ask-again', 'KILLED', 'killed here'));
    const id = await publishFact(harness.base.owner);
    await claim(id);
    await reaches(id, 'prepared');
    await until(() => ledger.faults.submitAfter.length === 0);
    await harness.end();
    await harness.begin();
    await ledger.cut();
    ledger.manual = false;
    await billedOnce(id);
  });

  it('K9: acknowledged by the orderers, never in a block', async () => {
    ledger.forgetful = true;
    const id = await publishFact(harness.base.owner);
    await claim(id);
    await reaches(id, 'submitted');
    await harness.end();
    ledger.forgetful = false;
    await harness.begin();
    await billedOnce(id);
  });

  it('K10: in a block, nobody listened', async () => {
    ledger.manual = true;
    const id = await publishFact(harness.base.owner);
    await claim(id);
    await reaches(id, 'submitted');
    await harness.end();
    await ledger.cut();
    ledger.manual = false;
    const submits = ledger.submits.length;
    expect(await harness.state(id)).toBe('submitted');
    await harness.begin();
    await billedOnce(id);
    expect(ledger.submits.length).toBe(submits);
  });

  it('K11: verdict read, projection not committed', async () => {
    ledger.manual = true;
    const id = await publishFact(harness.base.owner);
    await claim(id);
    await reaches(id, 'submitted');
    await harness.base.owner.query(
      'create trigger refuse before insert on settlement.bill for each row execute function settlement.refuse()',
    );
    await ledger.cut();
    ledger.manual = false;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await harness.state(id)).toBe('submitted');
    await harness.end();
    await harness.base.owner.query('drop trigger refuse on settlement.bill');
    await harness.begin();
    await billedOnce(id);
  });

  it('K12: final, and its job runs again', async () => {
    const id = await publishFact(harness.base.owner);
    await claim(id);
    await reaches(id, 'final');
    await harness.begin();
    await claim(id);
    await billedOnce(id);
  });

  it('locks the accounts of what is in flight before it takes anything new', async () => {
    ledger.manual = true;
    const first = await publishFact(harness.base.owner);
    await claim(first);
    await reaches(first, 'submitted');
    await harness.begin();
    const second = await publishFact(harness.base.owner);
    await claim(second);
    const deposit = harness.engine.writer.write(
      'Deposit',
      { evId: 'ev1', amountMinor: '5', reference: 'after-crash' },
      { mspId: 'TELD', role: 'treasurer' },
      ['ev1'],
    );
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await harness.state(second)).toBe('pending');
    await ledger.cut();
    ledger.manual = false;
    await deposit;
    await billedOnce(first);
    await billedOnce(second);
    expect(await harness.count(`settlement.outgoing_transaction where state = 'invalid'`)).toBe(0);
  });

  it('carries on what was stored although the answer of its commit got lost', async () => {
    const args = { evId: 'ev2', amountMinor: '7', reference: 'stray' };
    const { txId, bytes } = await ledger.prepare('Deposit', args, { mspId: 'TELD', role: 'treasurer' });
    const stray = { txId, fn: 'Deposit', mspId: 'TELD', bytes, evIds: ['ev2'] } as const;
    await new PgBatchStore(harness.base.database).prepared(stray, [], harness.clock.nowMs() - RESUBMIT_AFTER_MS - 1000);
    await until(async () => (await harness.count(`settlement.movement where reference = 'stray'`)) === 1);
    await until(() => !harness.engine.locks.isBusy('ev2'));
  });

  it('rebuilds the same projection from the whole chain, and a block twice changes nothing', async () => {
    const tables = ['account', 'station', 'station_delta', 'bill', 'price', 'movement', 'supply'];
    const before = await contents(harness, tables);
    await harness.end();
    await harness.base.owner
      .query(`truncate ${tables.map((table) => `settlement.${table}`).join(', ')}, settlement.operator,
      settlement.tariff, settlement.parameters, settlement.rating; insert into settlement.supply default values;
      update settlement.ledger_checkpoint set next_block = 0`);
    await harness.begin();
    await until(
      async () => (await harness.count('settlement.ledger_checkpoint where next_block = ' + ledger.chain.length)) === 1,
    );
    expect(await contents(harness, tables)).toEqual(before);
    expect(await harness.count(`settlement.settlement_step where state = 'final'`)).toBe(
      await harness.count('settlement.bill'),
    );
  });
});

async function contents(harness: EngineHarness, tables: readonly string[]): Promise<Record<string, unknown>> {
  const result: Record<string, unknown> = {};
  for (const table of tables) {
    // The change sequence goes on counting: it says when, not what.
    result[table] = await harness.base.database.rows(
      `select to_jsonb(t) - 'change_seq' as row from settlement.${table} t order by 1`,
    );
  }
  return result;
}
