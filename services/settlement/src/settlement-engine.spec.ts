import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { LedgerError } from './ledger/ledger.port.js';
import { REFUSED_ATTEMPTS_MAX } from './persistence/verdict.pg.js';
import { foundConsortium, publishFact, publishFacts } from './testing/consortium.js';
import { EngineHarness } from './testing/engine-harness.js';
import { ScriptedLedger } from './testing/scripted-ledger.js';
import { createSettlementDatabase } from './testing/test-database.js';
import { PATIENCE_MS, until } from './testing/until.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describe('settlement engine', () => {
  const ledger = new ScriptedLedger();
  let harness: EngineHarness;

  beforeAll(async () => {
    harness = new EngineHarness(await createSettlementDatabase(), ledger);
    await harness.begin();
    await foundConsortium(harness.engine.writer);
  });

  afterEach(() => {
    ledger.manual = false;
    ledger.forgetful = false;
  });

  afterAll(async () => {
    await harness.end();
    await harness.base.drop();
  });

  const claim = (settlementId: string) => harness.engine.processor.process({ settlementId }, 1);
  const publish = async (overrides = {}): Promise<string> => {
    const id = await publishFact(harness.base.owner, overrides);
    await claim(id);
    return id;
  };
  const final = (id: string): Promise<void> => until(async () => (await harness.state(id)) === 'final');

  it('takes one fact to a final bill', async () => {
    const id = await publishFact(harness.base.owner);
    expect(await claim(id)).toBe('claimed');
    await final(id);
    expect(await harness.outcome(id)).toMatchObject({ code: null, total_minor: '1000' });
    expect(await harness.steps(id)).toEqual(['pending', 'prepared', 'final']);
    const bills = await harness.base.database.rows(
      'select bill_id, total_minor, user_operator_id, operator_id from settlement.bill',
    );
    expect(bills).toEqual([{ bill_id: id, total_minor: '1000', user_operator_id: 'TELD', operator_id: 'TELD' }]);
  });

  it('needs no job: the sweeper finds what an emptied queue has lost', async () => {
    const ids = await publishFacts(harness.base.owner, [{ evId: 'ev2' }, { evId: 'ev3', operatorId: 'STAR' }]);
    await Promise.all(ids.map(final));
  });

  it('does nothing for a second job, before and after the bill', async () => {
    const id = await publishFact(harness.base.owner);
    expect(await Promise.all([claim(id), claim(id), claim(id)])).toEqual(['claimed', 'claimed', 'claimed']);
    await final(id);
    expect(await claim(id)).toBe('claimed');
    expect(await harness.count(`settlement.bill where bill_id = '${id}'`)).toBe(1);
    expect(await harness.steps(id)).toEqual(['pending', 'prepared', 'final']);
  });

  it('refuses one item of a batch without failing the others', async () => {
    const ids = await publishFacts(harness.base.owner, [{}, { evId: 'nobody' }, { evId: 'ev2' }]);
    await Promise.all(ids.map((id) => claim(id)));
    await final(ids[0] ?? '');
    await final(ids[2] ?? '');
    expect(await harness.outcome(ids[1] ?? '')).toMatchObject({ state: 'invalid', code: 'UNKNOWN_ACCOUNT' });
    expect(await harness.steps(ids[1] ?? '')).toEqual(['pending', 'prepared', 'invalid(UNKNOWN_ACCOUNT)']);
  });

  it('halves a batch that the ledger refuses whole, until the one at fault stands alone', async () => {
    const ids = await publishFacts(harness.base.owner, [{}, { evId: 'ev2' }]);
    await Promise.all(ids.map(claim));
    const refused = () => new LedgerError('final', 'BATCH_TOO_LARGE', 'too large');
    ledger.faults.prepare.push(refused(), refused());
    await until(async () => (await Promise.all(ids.map((id) => harness.state(id)))).sort().join() === 'final,invalid');
    const invalid = (await Promise.all(ids.map((id) => harness.outcome(id)))).find((row) => row?.state === 'invalid');
    expect(invalid?.code).toBe('BATCH_TOO_LARGE');
  });

  it('waits while the ledger cannot endorse, and fails no bill for it', async () => {
    ledger.faults.prepare.push(...[1, 2, 3].map(() => new LedgerError('retry', 'LEDGER_UNAVAILABLE', 'down')));
    const id = await publish();
    await final(id);
    expect(await harness.steps(id)).toEqual(['pending', 'prepared', 'final']);
  });

  it('submits the same bytes again when the orderers were not reached', async () => {
    ledger.faults.submitBefore.push(new LedgerError('retry', 'LEDGER_UNAVAILABLE', 'orderers down'));
    const id = await publish();
    await until(async () => (await harness.state(id)) === 'prepared');
    const before = (await harness.outcome(id))?.tx_id;
    await final(id);
    expect((await harness.outcome(id))?.tx_id).toBe(before);
  });

  it('takes the verdict from the block when the answer to the submit was lost', async () => {
    ledger.faults.submitAfter.push(new LedgerError('ask-again', 'DEADLINE', 'no answer'));
    const id = await publish();
    await final(id);
    expect(await harness.steps(id)).toEqual(['pending', 'prepared', 'final']);
  });

  it('submits the same bytes again when the orderers forgot them', async () => {
    ledger.forgetful = true;
    const id = await publish();
    await until(async () => (await harness.state(id)) === 'submitted');
    const txId = (await harness.outcome(id))?.tx_id ?? '';
    ledger.forgetful = false;
    harness.clock.advance(11_000);
    await final(id);
    expect(ledger.submits.filter((submitted) => submitted === txId).length).toBe(2);
    expect((await harness.outcome(id))?.tx_id).toBe(txId);
  });

  it('makes a bill invalid when the ledger refuses the first submit for good, and lets a person try again', async () => {
    ledger.faults.submitBefore.push(new LedgerError('final', 'IDENTITY_EXPIRED', 'expired'));
    const id = await publish();
    await until(async () => (await harness.state(id)) === 'invalid');
    expect(await harness.outcome(id)).toMatchObject({ code: 'IDENTITY_EXPIRED', attempt: 0 });
    const decision = {
      settlementId: id,
      decision: 'retry',
      meterStopWh: null,
      reason: 'renewed',
      decidedBy: 'me',
      organisation: 'TELD',
    } as const;
    expect(await harness.engine.decisions.decide(decision)).toEqual({ outcome: 'pending' });
    await final(id);
    expect((await harness.outcome(id))?.attempt).toBe(1);
  });

  it('skips the copy of a transaction that lands in a later block', async () => {
    ledger.copiesLand = true;
    const id = await publish();
    await final(id);
    await ledger.submit({ txId: '', bytes: Buffer.from((await harness.outcome(id))?.tx_id ?? '') });
    await ledger.cut();
    await until(async () => harness.moved.at(-1) === BigInt(ledger.chain.length - 1));
    ledger.copiesLand = false;
    expect(ledger.chain.at(-1)?.transactions[0]?.code).toBe('DUPLICATE_TXID');
    expect(await harness.state(id)).toBe('final');
    expect(await harness.count(`settlement.bill where bill_id = '${id}'`)).toBe(1);
  });

  it('gives an invalid transaction another attempt under a new txId', async () => {
    ledger.manual = true;
    const id = await publish();
    await until(async () => (await harness.state(id)) === 'submitted');
    const first = (await harness.outcome(id))?.tx_id;
    // Another organisation's worker moves the same account meanwhile.
    const caller = { mspId: 'TELD', role: 'treasurer' } as const;
    const foreign = await ledger.prepare('Deposit', { evId: 'ev1', amountMinor: '1', reference: 'foreign' }, caller);
    ledger.overtake(foreign.txId);
    await ledger.cut();
    ledger.manual = false;
    await final(id);
    expect((await harness.outcome(id))?.tx_id).not.toBe(first);
    expect(await harness.outcome(id)).toMatchObject({ attempt: 1, total_minor: '1000' });
    expect(await harness.steps(id)).toEqual([
      'pending',
      'prepared',
      'invalid(MVCC_READ_CONFLICT)',
      'prepared',
      'final',
    ]);
  });

  it('leaves a bill to a person when blocks keep refusing its transactions', async () => {
    const refusals = Array.from({ length: REFUSED_ATTEMPTS_MAX }, () => 'ENDORSEMENT_POLICY_FAILURE');
    ledger.faults.blockCodes.push(...refusals);
    const id = await publish();
    await until(async () => (await harness.state(id)) === 'invalid', 20_000);
    expect(await harness.outcome(id)).toMatchObject({
      code: 'ENDORSEMENT_POLICY_FAILURE',
      attempt: REFUSED_ATTEMPTS_MAX,
    });
    expect((await harness.steps(id)).filter((step) => step === 'prepared').length).toBe(REFUSED_ATTEMPTS_MAX);
  });

  it('never has one EV in two batches in flight', async () => {
    ledger.manual = true;
    const evIds = ['ev1', 'ev2', 'ev3'];
    const facts = Array.from({ length: 60 }, (_, index) => ({
      evId: evIds[index % 3] ?? 'ev1',
      operatorId: index % 2 ? 'STAR' : 'TELD',
    }));
    const ids = await publishFacts(harness.base.owner, facts);
    await Promise.all(ids.map(claim));
    for (
      let round = 0;
      (await harness.count(`settlement.settlement where state <> 'final' and code is null`)) > 0;
      round += 1
    ) {
      const inFlight = await harness.base.database.rows<{ ev_ids: string[] }>(
        `select ev_ids from settlement.outgoing_transaction where state in ('prepared', 'submitted')`,
      );
      const locked = inFlight.flatMap((row) => row.ev_ids);
      expect(new Set(locked).size).toBe(locked.length);
      await ledger.cut();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(round).toBeLessThan(200);
    }
    ledger.manual = false;
    await Promise.all(ids.map(final));
    expect(
      await harness.count(`settlement.outgoing_transaction where state = 'invalid' and code = 'MVCC_READ_CONFLICT'`),
    ).toBe(1);
  });

  it('keeps the sums of the conservation rule', async () => {
    const [sums] = await harness.base.database.rows<Record<string, string>>(
      `select ev_balances_minor + station_balances_minor as held, deposits_minor - pay_outs_minor - refunds_minor as paid_in,
         ev_balances_minor - (select sum(balance_minor) from settlement.account) as ev_error,
         station_balances_minor - (select sum(balance_minor) from settlement.station) as station_error from settlement.supply`,
    );
    expect(sums?.['held']).toBe(sums?.['paid_in']);
    expect(sums).toMatchObject({ ev_error: '0', station_error: '0' });
  });
});
