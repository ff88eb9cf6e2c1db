import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { openDeltaKeys } from '../persistence/station-deltas.pg.js';
import { foundConsortium, operator, publishFact, SUPERVISOR, treasurer } from '../testing/consortium.js';
import { EngineHarness } from '../testing/engine-harness.js';
import { ScriptedLedger } from '../testing/scripted-ledger.js';
import { createSettlementDatabase } from '../testing/test-database.js';
import { PATIENCE_MS, until } from '../testing/until.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

/** Every kind of record, from the contract through a block into its table. */
describe('projections', () => {
  let harness: EngineHarness;
  let billId: string;

  beforeAll(async () => {
    harness = new EngineHarness(await createSettlementDatabase(), new ScriptedLedger());
    await harness.begin();
    await foundConsortium(harness.engine.writer);
    billId = await publishFact(harness.base.owner, { operatorId: 'STAR' });
    await harness.engine.processor.process({ settlementId: billId }, 1);
    await until(async () => (await harness.state(billId)) === 'final');
  });

  afterAll(async () => {
    await harness.end();
    await harness.base.drop();
  });

  const one = async (sql: string): Promise<Record<string, unknown>> =>
    (await harness.base.database.rows<Record<string, unknown>>(sql))[0] ?? {};
  const balances = () =>
    one(`select (select balance_minor from settlement.account where ev_id = 'ev1') as ev,
           (select balance_minor from settlement.station where station_id = 'cs-STAR') as station,
           (select ev_balances_minor + station_balances_minor - deposits_minor + pay_outs_minor + refunds_minor from settlement.supply) as drift`);

  it('shows operators, parameters, tariffs and stations', async () => {
    expect(await one(`select name from settlement.operator where operator_id = 'STAR'`)).toEqual({ name: 'STAR' });
    expect(await one('select version, currency, currency_decimals from settlement.parameters')).toEqual({
      version: 1,
      currency: 'CNY',
      currency_decimals: 2,
    });
    expect(await one(`select operator_id from settlement.tariff where tariff_id = 't-STAR'`)).toEqual({
      operator_id: 'STAR',
    });
    expect(
      await one(`select tariff_id, electricity_price_e4, valid_to_ms from settlement.price where price_id = 'p-STAR'`),
    ).toEqual({
      tariff_id: 't-STAR',
      electricity_price_e4: '6000',
      valid_to_ms: null,
    });
    expect(
      await one(
        `select name, latitude_e6, offsets, piles, evaluation_e6 from settlement.station where station_id = 'cs-STAR'`,
      ),
    ).toEqual({
      name: 'Station of STAR',
      latitude_e6: 39_000_000,
      offsets: [{ fromMs: 0, offsetMinutes: 480 }],
      piles: [{ type: 'DC', count: 2 }],
      evaluation_e6: '0',
    });
  });

  it('shows a bill in full: parties, registers, lines with prices and fees', async () => {
    expect(await one(`select * from settlement.bill where bill_id = '${billId}'`)).toMatchObject({
      kind: 'bill',
      ev_id: 'ev1',
      user_operator_id: 'TELD',
      station_id: 'cs-STAR',
      operator_id: 'STAR',
      meter_start_wh: '1000',
      meter_stop_wh: '11000',
      energy_wh: '10000',
      total_minor: '1000',
      refers_to: billId,
      session_id: billId,
      content_sha256: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      credited_by: null,
      lines: [
        {
          priceId: 'p-STAR',
          fromMs: Date.parse('2026-03-01T02:00:00Z'),
          toMs: Date.parse('2026-03-01T03:00:00Z'),
          energyWh: '10000',
          electricityPriceE4: '6000',
          servicePriceE4: '4000',
          electricityFeeMinor: '600',
          serviceFeeMinor: '400',
        },
      ],
    });
    expect(await balances()).toEqual({ ev: '9000', station: '1000', drift: '0' });
  });

  it('shows a rating and the evaluation that it moved', async () => {
    const rated = await harness.engine.ratings.rate('TELD', { settlementId: billId, evId: 'ev1', rating: 5 });
    expect(rated.verdict).toEqual({ settlementId: billId, verdict: 'rated' });
    expect(await one('select session_id, bill_id, ev_id, station_id, rating from settlement.rating')).toEqual({
      session_id: billId,
      bill_id: billId,
      ev_id: 'ev1',
      station_id: 'cs-STAR',
      rating: 5,
    });
    const station = await one(
      `select evaluation_e6 > 0 as moved, rating_count from settlement.station where station_id = 'cs-STAR'`,
    );
    expect(station).toEqual({ moved: true, rating_count: 1 });
  });

  it('answers each of two ratings at once, and refuses the second of one bill', async () => {
    const rate = (rating: number) => harness.engine.ratings.rate('TELD', { settlementId: billId, evId: 'ev1', rating });
    const verdicts = (await Promise.all([rate(5), rate(1)])).map((rated) => rated.verdict);
    expect(verdicts).toEqual([
      { settlementId: billId, verdict: 'duplicate' },
      { settlementId: billId, verdict: 'rejected', code: 'ALREADY_RATED' },
    ]);
  });

  it('folds station credits, and pays out of the folded balance', async () => {
    const deltaKeys = await openDeltaKeys(harness.base.database, 'cs-STAR', 10);
    expect(deltaKeys.length).toBe(1);
    await harness.engine.writer.write('FoldAccount', { stationId: 'cs-STAR', deltaKeys }, treasurer('STAR'));
    expect(await openDeltaKeys(harness.base.database, 'cs-STAR', 10)).toEqual([]);
    expect(await balances()).toEqual({ ev: '9000', station: '1000', drift: '0' });
    await harness.engine.writer.write(
      'PayOut',
      { stationId: 'cs-STAR', amountMinor: '300', reference: 'out-1' },
      treasurer('STAR'),
    );
    expect(await balances()).toEqual({ ev: '9000', station: '700', drift: '0' });
    expect(await one(`select folded_minor from settlement.station where station_id = 'cs-STAR'`)).toEqual({
      folded_minor: '700',
    });
  });

  it('shows a credit note as a negative copy, marks the bill, and gives the money back', async () => {
    const args = { settlementId: billId, evId: 'ev1', reference: 'note-1', reason: 'wrong meter' };
    await harness.engine.writer.write('IssueCreditNote', args, treasurer('STAR'), ['ev1']);
    expect(
      await one(`select kind, total_minor, refers_to, energy_wh, lines from settlement.bill where bill_id = 'note-1'`),
    ).toMatchObject({
      kind: 'creditNote',
      total_minor: '-1000',
      refers_to: billId,
      lines: [{ energyWh: '-10000', electricityFeeMinor: '-600', serviceFeeMinor: '-400' }],
    });
    expect(await one(`select credited_by, replaced_by from settlement.bill where bill_id = '${billId}'`)).toEqual({
      credited_by: 'note-1',
      replaced_by: null,
    });
    expect(
      await one(`select account, amount_minor, bill_id from settlement.movement where kind = 'creditNote'`),
    ).toEqual({
      account: null,
      amount_minor: null,
      bill_id: billId,
    });
    expect(await balances()).toEqual({ ev: '10000', station: '-300', drift: '0' });
  });

  it('shows a refund, and refuses more than there is', async () => {
    const refund = (amountMinor: string, reference: string) =>
      harness.engine.writer.write('Refund', { evId: 'ev1', amountMinor, reference }, treasurer('TELD'), ['ev1']);
    await refund('100', 'back-1');
    expect(await balances()).toEqual({ ev: '9900', station: '-300', drift: '0' });
    await expect(refund('99999', 'back-2')).rejects.toMatchObject({
      errorClass: 'final',
      code: 'INSUFFICIENT_BALANCE',
    });
    expect(await one(`select account, amount_minor from settlement.movement where kind = 'refund'`)).toEqual({
      account: 'ev1',
      amount_minor: '100',
    });
  });

  it('repeats a deposit of the same reference without moving money', async () => {
    const deposit = () =>
      harness.engine.writer.write(
        'Deposit',
        { evId: 'ev2', amountMinor: '10000', reference: 'first-ev2' },
        treasurer('TELD'),
        ['ev2'],
      );
    await deposit();
    expect(await one(`select balance_minor from settlement.account where ev_id = 'ev2'`)).toEqual({
      balance_minor: '10000',
    });
    expect(await balances()).toMatchObject({ drift: '0' });
  });

  it('shows who is frozen, and who another R_min blocks, under new change sequences', async () => {
    const standing = (evId: string) =>
      one(`select blocked, frozen, change_seq::int as seq from settlement.driver_standing where ev_id = '${evId}'`);
    const before = await standing('ev3');
    await harness.engine.writer.write('FreezeAccount', { evId: 'ev3', frozen: true }, operator('TELD'), ['ev3']);
    const frozen = await standing('ev3');
    expect(frozen).toMatchObject({ frozen: true, blocked: false });
    expect(Number(frozen['seq'])).toBeGreaterThan(Number(before['seq']));
    const parameters = {
      alphaE6: '10000000',
      betaE6: '500000',
      sigmaE6: '1000000',
      maxLevel: 5,
      maxRating: 5,
      thresholdMinor: '0',
      minCreditE6: '500000',
      currency: 'CNY',
      currencyDecimals: 2,
      endorsementRangeBlocks: 100,
      endorsementQuorum: 1,
    };
    await harness.engine.writer.write('SetParameters', parameters, SUPERVISOR);
    const blocked = await standing('ev3');
    expect(blocked).toMatchObject({ frozen: true, blocked: true });
    expect(Number(blocked['seq'])).toBeGreaterThan(Number(frozen['seq']));
    expect(await standing('ev1')).toMatchObject({ blocked: false });
  });

  it('shows an anchor', async () => {
    const sha256 = 'c'.repeat(64);
    await harness.engine.writer.write('Anchor', { kind: 'close', ref: '2026-03', sha256 }, treasurer('TELD'));
    expect(await one('select operator_id, kind, ref, sha256 from settlement.anchor')).toEqual({
      operator_id: 'TELD',
      kind: 'close',
      ref: '2026-03',
      sha256,
    });
  });

  it('shows counted endorsements', async () => {
    const tally = [{ peerNode: 'node1', endorsements: 7 }];
    const args = { fromBlock: 0, toBlock: 99, ledgerUpdates: 9, tally };
    await harness.engine.writer.write('ReportEndorsements', args, { mspId: 'TELD', role: 'settler' });
    expect(await one('select peer_node, endorsements from settlement.node_endorsements')).toEqual({
      peer_node: 'node1',
      endorsements: '7',
    });
    expect(await one('select ledger_updates, next_block from settlement.ledger_updates')).toEqual({
      ledger_updates: '9',
      next_block: '100',
    });
  });

  it('tells of every block, and has projected the last one', async () => {
    const height = await harness.ledger.height();
    expect(harness.moved.at(-1)).toBe(height - 1n);
    expect(await one('select next_block from settlement.ledger_checkpoint')).toEqual({ next_block: height.toString() });
  });
});
