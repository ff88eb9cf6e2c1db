import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { AccountView, BillView, LedgerStatusView, PageView, StationView } from '@tallywatt/contracts';
import { publishFacts } from '../testing/consortium.js';
import { OperationsHarness, principal } from '../testing/operations-harness.js';
import { until } from '../testing/until.js';

Logger.overrideLogger(false);

const supervision = principal('supervisor', 'SUPERVISION');
const staff = principal('operator', 'TELD');
const finance = principal('finance', 'TELD');
const PARAMETERS = {
  alphaE6: '10000000',
  betaE6: '500000',
  sigmaE6: '1000000',
  thresholdMinor: '0',
  minCreditE6: '0',
  endorsementRangeBlocks: 100,
  endorsementQuorum: 3,
};

function tariffOf(operatorId: string) {
  const price = { priceId: `p-${operatorId}`, fromMinute: 0, toMinute: 1440, validFrom: '2015-01-01T00:00:00.000Z' };
  return {
    tariffId: `t-${operatorId}`,
    operatorId,
    prices: [{ ...price, electricityPriceE4: 6000, servicePriceE4: 4000 }],
  };
}

function stationOf(operatorId: string, overrides: object = {}) {
  return {
    stationId: `cs-${operatorId}`,
    operatorId,
    name: `Station of ${operatorId}`,
    peerNode: 'node1',
    tariffId: `t-${operatorId}`,
    timeZone: 'Asia/Shanghai',
    latitudeE6: 39_084_000,
    longitudeE6: 117_200_000,
    piles: [{ type: 'DC', count: 2 }],
    ...overrides,
  };
}

/** The network's life through the operations alone, on the embedded ledger and a real database. */
describe('operations', () => {
  let harness: OperationsHarness;
  beforeAll(async () => {
    harness = await OperationsHarness.create();
  }, 30_000);
  afterAll(() => harness.end());

  const refusal = async (...asked: Parameters<OperationsHarness['ask']>) => {
    const answer = await harness.ask(...asked);
    return answer.ok ? 'ok' : [answer.problem.status, answer.problem.code];
  };

  it('founds the network, once', async () => {
    expect(await refusal('getParameters', supervision)).toEqual([404, 'not_found']);
    expect(await harness.value('setParameters', supervision, PARAMETERS)).toMatchObject({
      ...PARAMETERS,
      version: 1,
      currency: 'CNY',
      maxLevel: 5,
    });
    expect(await harness.value('setParameters', supervision, PARAMETERS)).toMatchObject({ version: 1 });
    for (const operatorId of ['TELD', 'STAR']) {
      await harness.value('registerOperator', supervision, { operatorId, name: operatorId });
      expect(await refusal('registerOperator', supervision, { operatorId, name: operatorId })).toEqual([
        409,
        'ALREADY_EXISTS',
      ]);
      const who = principal('operator', operatorId);
      expect(await harness.value('publishTariff', who, tariffOf(operatorId))).toMatchObject(tariffOf(operatorId));
      expect(await refusal('publishTariff', who, tariffOf(operatorId))).toEqual([409, 'ALREADY_EXISTS']);
      expect(await harness.value('registerStation', who, stationOf(operatorId))).toMatchObject({
        stationId: `cs-${operatorId}`,
        evaluationE6: 0,
      });
      expect(await refusal('registerStation', who, stationOf(operatorId))).toEqual([409, 'ALREADY_EXISTS']);
    }
    expect(await harness.value('listOperators', staff)).toEqual({
      data: [
        { operatorId: 'STAR', name: 'STAR' },
        { operatorId: 'TELD', name: 'TELD' },
      ],
      nextCursor: null,
    });
  }, 30_000);

  it('changes what may change', async () => {
    await harness.value('registerOperator', supervision, { operatorId: 'TELD', name: 'TELD New Energy' });
    const renamed = await harness.value<StationView>('registerStation', staff, stationOf('TELD', { name: 'Renamed' }));
    expect(renamed).toMatchObject({ name: 'Renamed', currentPrice: { priceId: 'p-TELD', electricityPriceE4: 6000 } });
  });

  it.each([
    ['an unknown zone', { timeZone: 'Nowhere/Land' }, [400, 'invalid_request']],
    ['an offset as a zone', { timeZone: '+08:00' }, [400, 'invalid_request']],
    ['an unknown tariff', { tariffId: 't-none' }, [422, 'UNKNOWN_TARIFF']],
    ['a foreign organisation', { operatorId: 'STAR' }, [403, 'forbidden_organisation']],
    ['another peer node', { peerNode: 'node2' }, [409, 'ALREADY_EXISTS']],
  ])('refuses a station with %s', async (_what, overrides, expected) => {
    expect(await refusal('registerStation', staff, stationOf('TELD', overrides))).toEqual(expected);
  });

  it('refuses a tariff that leaves a gap, or edits a price', async () => {
    const tariff = tariffOf('TELD');
    const gap = {
      ...tariff,
      tariffId: 't-gap',
      prices: tariff.prices.map((price) => ({ ...price, priceId: 'p-gap', toMinute: 1000 })),
    };
    expect(await refusal('publishTariff', staff, gap)).toEqual([422, 'INVALID_TARIFF']);
    const edited = { ...tariff, prices: tariff.prices.map((price) => ({ ...price, servicePriceE4: 1 })) };
    expect(await refusal('publishTariff', staff, edited)).toEqual([422, 'INVALID_TARIFF']);
    expect(await refusal('publishTariff', staff, { ...tariff, tariffId: 't-STAR' })).toEqual([409, 'ALREADY_EXISTS']);
  });

  it('opens accounts and takes deposits once per reference', async () => {
    for (const evId of ['ev1', 'ev2', 'ev3']) {
      const opened = await harness.value<AccountView>('openAccount', staff, { evId, operatorId: 'TELD' });
      expect(opened).toMatchObject({
        evId,
        status: 'active',
        balance: { currency: 'CNY', amount: '0.00', minor: '0' },
      });
    }
    expect(await refusal('openAccount', staff, { evId: 'ev1', operatorId: 'TELD' })).toEqual([409, 'ALREADY_EXISTS']);
    expect(await refusal('openAccount', principal('operator', 'STAR'), { evId: 'ev1', operatorId: 'STAR' })).toEqual([
      409,
      'ALREADY_EXISTS',
    ]);
    const deposit = { evId: 'ev1', amountMinor: '10000', reference: 'd-1' };
    const [first, again] = await Promise.all([
      harness.value('deposit', finance, deposit),
      harness.value('deposit', finance, deposit),
    ]);
    expect(again).toEqual(first);
    expect(await harness.value('deposit', finance, deposit)).toEqual(first);
    expect(first).toMatchObject({ kind: 'deposit', evId: 'ev1', amount: { amount: '100.00' }, reference: 'd-1' });
    expect(await refusal('deposit', finance, { ...deposit, amountMinor: '1' })).toEqual([422, 'REFERENCE_USED']);
    expect(await refusal('deposit', finance, { ...deposit, evId: 'ev2' })).toEqual([422, 'REFERENCE_USED']);
    expect(await harness.value('getAccount', finance, { evId: 'ev1' })).toMatchObject({ balance: { minor: '10000' } });
  });

  it('refunds at most the balance, and nothing of a frozen account', async () => {
    const refund = { evId: 'ev1', amountMinor: '500', reference: 'r-1' };
    const first = await harness.value('refund', finance, refund);
    expect(await harness.value('refund', finance, refund)).toEqual(first);
    expect(await refusal('refund', finance, { ...refund, amountMinor: '9501', reference: 'r-2' })).toEqual([
      409,
      'INSUFFICIENT_BALANCE',
    ]);
    expect(await harness.value('freezeAccount', staff, { evId: 'ev1', frozen: true })).toMatchObject({
      status: 'frozen',
    });
    expect(await refusal('refund', finance, { ...refund, reference: 'r-3' })).toEqual([409, 'ACCOUNT_FROZEN']);
    expect(
      await harness.value('recommendStations', staff, {
        evId: 'ev1',
        latE6: 39_084_000,
        lonE6: 117_200_000,
        radiusM: 1000,
      }),
    ).toEqual({ data: [], nextCursor: null });
    expect(await harness.value('freezeAccount', staff, { evId: 'ev1', frozen: false })).toMatchObject({
      status: 'active',
    });
  });

  it('recommends stations of every operator within the radius', async () => {
    const driver = principal('driver', 'TELD', 'ev1');
    const search = { evId: 'ev1', latE6: 39_084_000, lonE6: 117_210_000, radiusM: 1000 };
    const found = await harness.value<PageView<StationView>>('recommendStations', driver, search);
    expect(found.data.map((station) => [station.stationId, station.balance])).toEqual([
      ['cs-STAR', null],
      ['cs-TELD', null],
    ]);
    expect(found.data[0]?.distanceM).toBeGreaterThan(850);
    expect(found.data[0]?.distanceM).toBeLessThan(870);
    expect(await harness.value('recommendStations', driver, { ...search, radiusM: 800 })).toEqual({
      data: [],
      nextCursor: null,
    });
    expect(await refusal('recommendStations', driver, { ...search, evId: 'ev2' })).toEqual([404, 'not_found']);
  });

  it('shows bills that verify, and pages them newest first', async () => {
    const ids = await publishFacts(harness.base.owner, [
      { evId: 'ev1' },
      { evId: 'ev2' },
      { evId: 'ev3', operatorId: 'STAR' },
    ]);
    await until(async () => (await harness.value<PageView<BillView>>('listBills', finance)).data.length === 3);
    const first = await harness.value<PageView<BillView>>('listBills', finance, { limit: 2, count: 'true' });
    expect(first).toMatchObject({ total: 3, nextCursor: expect.any(String) });
    const second = await harness.value<PageView<BillView>>('listBills', finance, {
      limit: 2,
      cursor: first.nextCursor,
    });
    expect(second.nextCursor).toBeNull();
    const seen = [...first.data, ...second.data];
    expect(seen.map((bill) => bill.id)).toEqual([...ids].sort().toReversed());
    const bill = seen.find(({ id }) => id === ids[0]);
    expect(bill).toMatchObject({
      kind: 'bill',
      energyWh: 10_000,
      chargePointId: 'cp1',
      total: { amount: '10.00', minor: '1000' },
      lines: [{ priceId: 'p-TELD', energyWh: 10_000, electricityFee: { minor: '600' }, serviceFee: { minor: '400' } }],
      ledger: 'embedded',
    });
    expect(await harness.value('verifyBill', principal('driver', 'TELD', 'ev1'), { billId: ids[0] })).toMatchObject({
      match: true,
      ledger: 'embedded',
    });
    expect(await refusal('listBills', finance, { cursor: 'nonsense' })).toEqual([400, 'invalid_request']);
    expect(await refusal('listBills', finance, { cursor: Buffer.from('["x","y"]').toString('base64url') })).toEqual([
      400,
      'invalid_request',
    ]);
  }, 20_000);

  it('says which field of a bill differs from the ledger', async () => {
    const [bill] = (await harness.value<PageView<BillView>>('listBills', finance, { evId: 'ev2' })).data;
    await harness.base.owner.query('update settlement.bill set total_minor = 999 where bill_id = $1', [bill?.id]);
    const verified = await harness.value<{ match: boolean; fields: { field: string; match: boolean }[] }>(
      'verifyBill',
      finance,
      { billId: bill?.id },
    );
    await harness.base.owner.query('update settlement.bill set total_minor = 1000 where bill_id = $1', [bill?.id]);
    expect(verified.match).toBe(false);
    expect(verified.fields.filter(({ match }) => !match).map(({ field }) => field)).toEqual([
      'totalMinor',
      'sumOfFees',
    ]);
  });

  it('lets the driver rate a bill once', async () => {
    const driver = principal('driver', 'TELD', 'ev1');
    const [bill] = (await harness.value<PageView<BillView>>('listBills', driver)).data;
    const rating = { billId: bill?.id, rating: 4 };
    expect(await harness.value('rate', driver, rating)).toMatchObject(rating);
    expect(await harness.value('rate', driver, rating)).toMatchObject(rating);
    expect(await refusal('rate', driver, { ...rating, rating: 5 })).toEqual([409, 'ALREADY_RATED']);
    expect(await refusal('rate', principal('driver', 'TELD', 'ev2'), rating)).toEqual([404, 'not_found']);
    expect(await harness.value('getBill', driver, { billId: bill?.id })).toMatchObject({ rating: 4 });
  });

  it('pays out what has to be folded first, once', async () => {
    const payOut = { stationId: 'cs-TELD', amountMinor: '1500', reference: 'o-1' };
    const first = await harness.value('payOut', finance, payOut);
    expect(await harness.value('payOut', finance, payOut)).toEqual(first);
    expect(await refusal('payOut', finance, { ...payOut, amountMinor: '501', reference: 'o-2' })).toEqual([
      409,
      'INSUFFICIENT_BALANCE',
    ]);
    expect(await harness.value('getStation', finance, { stationId: 'cs-TELD' })).toMatchObject({
      balance: { minor: '500' },
    });
    expect(await refusal('payOut', principal('finance', 'STAR'), { ...payOut, reference: 'o-3' })).toEqual([
      403,
      'forbidden_organisation',
    ]);
  });

  it('credits a bill once, with its full negative copy', async () => {
    const [bill] = (await harness.value<PageView<BillView>>('listBills', finance, { evId: 'ev1' })).data;
    const credit = { billId: bill?.id, reference: 'c-1', reason: 'meter defect' };
    const note = await harness.value<BillView>('issueCreditNote', finance, credit);
    expect(note).toMatchObject({ id: 'c-1', kind: 'creditNote', energyWh: -10_000, total: { amount: '-10.00' } });
    expect(await harness.value('issueCreditNote', finance, credit)).toEqual(note);
    expect(await refusal('issueCreditNote', finance, { ...credit, reason: 'another reason' })).toEqual([
      422,
      'REFERENCE_USED',
    ]);
    expect(await refusal('issueCreditNote', finance, { ...credit, reference: 'c-2' })).toEqual([
      409,
      'ALREADY_CREDITED',
    ]);
    expect(await harness.value('getBill', finance, { billId: bill?.id })).toMatchObject({ creditedBy: 'c-1' });
    expect(await harness.value('verifyBill', finance, { billId: 'c-1' })).toMatchObject({ match: true });
  });

  it('lets the station operator decide what is held', async () => {
    const [held, other] = await publishFacts(harness.base.owner, [
      { holdReason: 'implausible_power' },
      { holdReason: 'meter_rollback', meterStopWh: 900 },
    ]);
    await until(async () => (await refusal('settlementTrail', finance, { settlementId: other })) === 'ok');
    expect(await refusal('retrySettlement', finance, { settlementId: held })).toEqual([409, 'settlement_not_waiting']);
    const correct = { settlementId: other, decision: 'correct', reason: 'read at the pile' };
    expect(await refusal('decideSettlement', finance, correct)).toEqual([400, 'invalid_request']);
    await harness.value('decideSettlement', finance, { ...correct, meterStopWh: '3000' });
    await harness.value('decideSettlement', finance, { settlementId: held, decision: 'drop', reason: 'test charge' });
    expect(
      await refusal('decideSettlement', finance, { settlementId: held, decision: 'release', reason: 'changed' }),
    ).toEqual([409, 'settlement_not_waiting']);
    await until(async () => (await refusal('getBill', finance, { billId: other })) === 'ok');
    expect(await harness.value('getBill', finance, { billId: other })).toMatchObject({
      energyWh: 2000,
      total: { minor: '200' },
    });
    expect(await harness.value('settlementTrail', finance, { settlementId: other })).toMatchObject({
      settlement: { state: 'final', total: { minor: '200' } },
      decisions: [{ decision: 'correct', meterStopWh: 3000, reason: 'read at the pile', decidedBy: 'finance of TELD' }],
    });
    expect(await harness.value('listSettlements', finance, { status: 'dropped', count: 'true' })).toMatchObject({
      total: 1,
      data: [{ settlementId: held }],
    });
  }, 20_000);

  it('shows the ledger, and the sums that it keeps', async () => {
    const status = await harness.value<LedgerStatusView>('ledgerStatus', staff);
    expect(status).toMatchObject({
      mode: 'embedded',
      notice: 'development ledger, no consensus',
      supply: { conserved: true },
    });
    expect(status.projectedBlock).toBe(status.height - 1);
    expect(await harness.value('supply', supervision)).toMatchObject({ ...status.supply, conserved: true });
    expect(await refusal('getBlock', staff, { number: 100_000 })).toEqual([404, 'not_found']);
    const block = await harness.value<{ transactions: { txId: string }[] }>('getBlock', supervision, { number: 0 });
    expect(block).toMatchObject({
      number: 0,
      transactions: [{ fn: 'SetParameters', code: 'VALID', args: { alphaE6: '10000000' } }],
    });
    const txId = block.transactions[0]?.txId;
    expect(await harness.value('getLedgerTransaction', staff, { txId })).toMatchObject({
      txId,
      mspId: 'SUPERVISION',
      args: null,
      block: { number: 0 },
    });
    expect(await refusal('getLedgerTransaction', staff, { txId: 'ab'.repeat(32) })).toEqual([404, 'not_found']);
  });

  it('writes down who asked for a change', async () => {
    const rows = await harness.base.database.rows(
      `select organisation, name, input, outcome from settlement.operation_audit where operation = 'issueCreditNote' order by seq limit 1`,
    );
    expect(rows).toEqual([
      {
        organisation: 'TELD',
        name: 'finance of TELD',
        outcome: 'ok',
        input: expect.objectContaining({ reason: 'meter defect' }),
      },
    ]);
  });
});
