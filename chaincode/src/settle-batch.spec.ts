import { describe, expect, it } from '@jest/globals';
import { accountRecord, SETTLE_BATCH_BYTES_MAX, SETTLE_ITEMS_MAX, splitStateKey } from '@tallywatt/contracts';
import { AMOUNT_MINOR_MAX } from '@tallywatt/domain';
import { by, item, LedgerWorld, NOW_MS, registerUnitStation, START_MS } from './testing/ledger-world.js';

const SETTLER = by('TELD', 'settler');

describe('SettleBatch', () => {
  it('moves the money of a bill from the user to the station and awards the credit', async () => {
    const world = await LedgerWorld.open();
    await world.deposit('10000', 'd-1');
    expect(await world.settle([item('s-1')])).toEqual([{ settlementId: 's-1', verdict: 'settled' }]);
    expect(await world.account()).toMatchObject({
      balanceMinor: '4694',
      creditSum: 1,
      creditCount: 1,
      arrears: 0,
      blocked: false,
    });
    expect((await world.station()).balance?.balanceMinor).toBe('5306');
    expect(await world.supply()).toMatchObject({ conserved: true, depositsMinor: '10000', evBalancesMinor: '4694' });
  });

  it('adds up an account and a station that occur several times in a batch', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1'), item('s-2'), item('s-3')]);
    expect(await world.account()).toMatchObject({
      balanceMinor: '-15918',
      creditSum: -3,
      creditCount: 3,
      arrears: 3,
      blocked: true,
    });
    const { balance } = await world.station();
    expect(balance).toMatchObject({ balanceMinor: '15918' });
    expect(balance?.deltaKeys).toHaveLength(1);
  });

  it('answers the same item again as duplicate and writes nothing', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    const again = await world.ledger.simulate(
      'SettleBatch',
      { operatorId: 'TELD', items: [item('s-1')] },
      SETTLER,
      NOW_MS,
    );
    expect(JSON.parse(again.result)).toEqual([{ settlementId: 's-1', verdict: 'duplicate' }]);
    expect(again.writeSet).toEqual([]);
  });

  it.each([
    ['meter', { meterStartWh: '100001', meterStopWh: '126401' }],
    ['evidence', { evidenceSha256: 'cd'.repeat(32) }],
    ['account', { evId: 'STAR-EV' }],
    ['total', { totalMinor: '5307' }],
  ])('answers a settled id with another %s as conflict', async (_name, change) => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    expect(await world.settle([item('s-1', change)])).toEqual([
      { settlementId: 's-1', verdict: 'conflict', code: 'CONTENT_DIFFERS' },
    ]);
    expect(await world.account()).toMatchObject({ balanceMinor: '-5306' });
  });

  it.each([
    ['UNKNOWN_ACCOUNT', { evId: 'nobody' }],
    ['UNKNOWN_STATION', { stationId: 'TELD-none' }],
    ['STATION_OF_OTHER_OPERATOR', { stationId: 'STAR-CS' }],
    [
      'UNKNOWN_PRICE',
      { lines: [{ priceId: 'none', fromMs: START_MS, toMs: START_MS + 3_600_000, energyWh: '26400' }] },
    ],
    [
      'PRICE_OF_OTHER_TARIFF',
      { lines: [{ priceId: 'STAR-P', fromMs: START_MS, toMs: START_MS + 3_600_000, energyWh: '26400' }] },
    ],
    ['LINES_TOTAL_DIFFERS', { totalMinor: '5305' }],
    ['LINES_ENERGY_DIFFERS', { meterStopWh: '126401' }],
    [
      'LINES_INTERVALS_DIFFER',
      { lines: [{ priceId: 'TELD-P', fromMs: START_MS + 1, toMs: START_MS + 3_600_000, energyWh: '26400' }] },
    ],
    ['LINES_END_BEFORE_START', { endMs: START_MS - 1 }],
    ['LINES_NEGATIVE_ENERGY', { meterStopWh: '99999' }],
    ['UNKNOWN_BILL', { replaces: 's-0' }],
  ])('rejects one bad item with %s and settles the others', async (code, change) => {
    const world = await LedgerWorld.open();
    const verdicts = await world.settle([item('s-1'), item('s-2', change), item('s-3')]);
    expect(verdicts).toEqual([
      { settlementId: 's-1', verdict: 'settled' },
      { settlementId: 's-2', verdict: 'rejected', code },
      { settlementId: 's-3', verdict: 'settled' },
    ]);
    expect(await world.account()).toMatchObject({ balanceMinor: '-10612', creditCount: 2 });
    expect((await world.supply()).conserved).toBe(true);
  });

  it('rejects a balance beyond 10^15 minor units', async () => {
    const world = await LedgerWorld.open();
    await world.deposit('1000000000000000', 'd-1');
    await expect(world.deposit('1', 'd-2')).rejects.toThrow('AMOUNT_OUT_OF_RANGE: ');
  });

  it("rejects a price of another tariff of the station's own operator", async () => {
    const world = await LedgerWorld.open();
    await registerUnitStation(world);
    const [line] = item('s-1').lines;
    const verdicts = await world.settle([item('s-1', { lines: [{ ...(line ?? never()), priceId: 'UNIT-P' }] })]);
    expect(verdicts).toEqual([{ settlementId: 's-1', verdict: 'rejected', code: 'PRICE_OF_OTHER_TARIFF' }]);
  });

  it('rejects a payment that takes a balance beyond -10^15 minor units', async () => {
    const world = await LedgerWorld.open();
    const debt = { balanceMinor: -AMOUNT_MINOR_MAX, creditSum: 0, creditCount: 0, arrears: 0, frozen: false };
    const account = { evId: 'TELD-EV', operatorId: 'TELD', ...debt };
    const write = { key: accountRecord.keyOf(account), value: Buffer.from(accountRecord.encode(account)) };
    await world.ledger.commit({ result: '', readSet: [], rangeReads: [], writeSet: [write], event: null });
    const verdicts = await world.settle([item('s-1'), item('s-2', { evId: 'STAR-EV' })]);
    expect(verdicts).toMatchObject([{ verdict: 'rejected', code: 'AMOUNT_OUT_OF_RANGE' }, { verdict: 'settled' }]);
    expect((await world.account()).balanceMinor).toBe(String(-AMOUNT_MINOR_MAX));
  });

  it.each([
    ['an id twice', [item('s-1'), item('s-1')]],
    ['unsorted ids', [item('s-2'), item('s-1')]],
    ['no item', []],
    [
      'too many items',
      Array.from({ length: SETTLE_ITEMS_MAX + 1 }, (_, index) => item(`s-${String(index).padStart(4, '0')}`)),
    ],
  ])('refuses a batch with %s as a whole', async (_name, items) => {
    const world = await LedgerWorld.open();
    await expect(world.settle(items)).rejects.toThrow('INVALID_ARGUMENT: ');
  });

  it('refuses a batch beyond 200 kB', async () => {
    const world = await LedgerWorld.open();
    const { lines } = item('x');
    const fat = Array.from({ length: 90 }, (_, index) =>
      item(`s-${10 + index}`, { lines: Array.from({ length: 30 }, () => lines[0] ?? never()) }),
    );
    expect(JSON.stringify(fat).length).toBeGreaterThan(SETTLE_BATCH_BYTES_MAX);
    await expect(world.settle(fat)).rejects.toThrow('BATCH_TOO_LARGE: ');
  });

  it('refuses a batch for another operator', async () => {
    const world = await LedgerWorld.open();
    await expect(world.submit('SettleBatch', { operatorId: 'STAR', items: [item('s-1')] }, SETTLER)).rejects.toThrow(
      'ACCESS_DENIED: ',
    );
  });

  it('emits one event of ids and verdicts', async () => {
    const world = await LedgerWorld.open();
    const { event } = await world.ledger.simulate(
      'SettleBatch',
      { operatorId: 'TELD', items: [item('s-1')] },
      SETTLER,
      NOW_MS,
    );
    expect(event?.name).toBe('SettleBatch');
    expect(Buffer.from(event?.payload ?? []).toString()).toBe('[{"settlementId":"s-1","verdict":"settled"}]');
  });

  it('writes per settlement I, A and B, and one S and one O per batch; reads nothing that another settlement writes', async () => {
    const world = await LedgerWorld.open();
    const batch = { operatorId: 'TELD', items: [item('s-1'), item('s-2', { evId: 'STAR-EV' })] };
    const { writeSet, readSet, rangeReads } = await world.ledger.simulate('SettleBatch', batch, SETTLER, NOW_MS);
    expect(
      writeSet
        .map(({ key }) => splitStateKey(key).type)
        .sort()
        .join(''),
    ).toBe('AABBIIOS');
    expect([...new Set(readSet.map(({ key }) => splitStateKey(key).type))].sort().join('')).toBe('ACIPT');
    expect(rangeReads).toEqual([]);
  });

  it('lets two batches of different users at one hot station both commit', async () => {
    const world = await LedgerWorld.open();
    const simulate = (id: string, evId: string) =>
      world.ledger.simulate(
        'SettleBatch',
        { operatorId: 'TELD', items: [item(id, { evId })] },
        SETTLER,
        NOW_MS + Number(id.slice(2)),
      );
    const [one, two] = [await simulate('s-1', 'TELD-EV'), await simulate('s-2', 'STAR-EV')];
    expect(await world.ledger.commit(one)).toBe('VALID');
    expect(await world.ledger.commit(two)).toBe('VALID');
    expect((await world.station()).balance?.balanceMinor).toBe('10612');
  });

  it('lets only the first of two batches with one account, or one id, commit', async () => {
    const world = await LedgerWorld.open();
    const simulate = (id: string) =>
      world.ledger.simulate('SettleBatch', { operatorId: 'TELD', items: [item(id)] }, SETTLER, NOW_MS);
    const [one, same, other] = [await simulate('s-1'), await simulate('s-1'), await simulate('s-2')];
    expect(await world.ledger.commit(one)).toBe('VALID');
    expect(await world.ledger.commit(same)).toBe('MVCC_READ_CONFLICT');
    expect(await world.ledger.commit(other)).toBe('MVCC_READ_CONFLICT');
  });
});

describe('GetBill', () => {
  it('rebuilds every line with prices and fees', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    expect(await world.bill('s-1')).toMatchObject({
      kind: 'bill',
      userOperatorId: 'TELD',
      operatorId: 'TELD',
      meterStartWh: '100000',
      meterStopWh: '126400',
      totalMinor: '5306',
      lines: [
        {
          priceId: 'TELD-P',
          energyWh: '26400',
          electricityPriceE4: '14100',
          electricityFeeMinor: '3722',
          serviceFeeMinor: '1584',
        },
      ],
    });
  });
});

function never(): never {
  throw new Error('unreachable');
}
