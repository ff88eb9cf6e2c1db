import { describe, expect, it } from '@jest/globals';
import type { PriceArgs } from '@tallywatt/contracts';
import { by, END_MS, flatPrice, item, LedgerWorld, NOW_MS, START_MS } from './testing/ledger-world.js';
import { PUBLICATION_SKEW_MS_MAX } from './tariffs.js';

const OPERATOR = by('TELD', 'operator');
const LATER_MS = NOW_MS + 3_600_000;

function publish(
  world: LedgerWorld,
  prices: readonly PriceArgs[],
  publishedAtMs = NOW_MS,
  tariffId = 'TELD-T',
): Promise<unknown> {
  return world.submit('PublishTariff', { tariffId, operatorId: 'TELD', prices, publishedAtMs }, OPERATOR);
}
const closed = (validToMs: number): PriceArgs => ({ ...flatPrice('TELD-P'), validToMs });
const next = (validFromMs: number): PriceArgs => ({ ...flatPrice('TELD-P2', '20000'), validFromMs });

describe('PublishTariff', () => {
  it('takes a claim of now within 15 minutes', () => expect(PUBLICATION_SKEW_MS_MAX).toBe(900_000));

  it('closes a price in the future and starts the next one there', async () => {
    const world = await LedgerWorld.open();
    expect(await publish(world, [closed(LATER_MS), next(LATER_MS)])).toEqual({ tariffId: 'TELD-T' });
    expect(await world.settle([item('s-1')])).toMatchObject([{ verdict: 'settled' }]);
    const late = { startMs: LATER_MS, endMs: LATER_MS + 1000 };
    const lines = [{ priceId: 'TELD-P', fromMs: late.startMs, toMs: late.endMs, energyWh: '26400' }];
    expect(await world.settle([item('s-2', { ...late, lines })])).toMatchObject([
      { verdict: 'rejected', code: 'LINES_NO_PRICE' },
    ]);
  });

  it.each<[string, readonly PriceArgs[]]>([
    ['an edited price', [flatPrice('TELD-P', '14101')]],
    ['a price closed in the past', [closed(NOW_MS - 1), next(NOW_MS - 1)]],
    ['a new price in the past', [next(NOW_MS - 1)]],
    ['an overlap', [next(LATER_MS)]],
    ['a gap', [closed(LATER_MS), next(LATER_MS + 1)]],
    ['a price id twice', [closed(LATER_MS), closed(LATER_MS)]],
  ])('refuses %s', async (_name, prices) => {
    const world = await LedgerWorld.open();
    await expect(publish(world, prices)).rejects.toThrow(/^INVALID_TARIFF: /);
  });

  it('refuses a claim of now that is more than 15 minutes off', async () => {
    const world = await LedgerWorld.open();
    for (const skewMs of [-PUBLICATION_SKEW_MS_MAX - 1, PUBLICATION_SKEW_MS_MAX + 1]) {
      await expect(publish(world, [closed(LATER_MS), next(LATER_MS)], NOW_MS + skewMs)).rejects.toThrow(
        /^INVALID_TIME: /,
      );
    }
    await publish(world, [closed(LATER_MS), next(LATER_MS)], NOW_MS - PUBLICATION_SKEW_MS_MAX);
  });

  it('lets a price id belong to one tariff for good', async () => {
    const world = await LedgerWorld.open();
    await expect(publish(world, [flatPrice('TELD-P')], NOW_MS, 'TELD-T2')).rejects.toThrow(/^PRICE_OF_OTHER_TARIFF: /);
  });
});

describe('a station', () => {
  it('settles over two prices of the day in its local time', async () => {
    const world = await LedgerWorld.open();
    const half = START_MS + 1_800_000;
    // 02:00 UTC is 10:00 at the station.
    const prices = [
      { ...flatPrice('N', '10000', '0'), toMinute: 630 },
      { ...flatPrice('D', '20000', '0'), fromMinute: 630 },
    ];
    await publish(world, prices, NOW_MS, 'TOU');
    const place = { latE6: 0, lonE6: 0, offsets: [{ fromMs: 0, offsetMinutes: 480 }], piles: [] };
    await world.submit(
      'RegisterStation',
      { stationId: 'TOU-CS', operatorId: 'TELD', name: 'x', peerNode: 'n', tariffId: 'TOU', ...place },
      OPERATOR,
    );
    const lines = [
      { priceId: 'N', fromMs: START_MS, toMs: half, energyWh: '10000' },
      { priceId: 'D', fromMs: half, toMs: END_MS, energyWh: '16400' },
    ];
    const verdicts = await world.settle([item('s-1', { stationId: 'TOU-CS', lines, totalMinor: '4280' })]);
    expect(verdicts).toEqual([{ settlementId: 's-1', verdict: 'settled' }]);
    expect((await world.bill('s-1')).lines.map((line) => line.electricityFeeMinor)).toEqual(['1000', '3280']);
  });

  it('may change name and piles, and not its operator or node', async () => {
    const world = await LedgerWorld.open();
    await world.registerStation('TELD', 'TELD-CS');
    const moved = {
      stationId: 'TELD-CS',
      operatorId: 'TELD',
      name: 'x',
      peerNode: 'other',
      tariffId: 'TELD-T',
      latE6: 0,
      lonE6: 0,
      offsets: [{ fromMs: 0, offsetMinutes: 0 }],
      piles: [],
    };
    await expect(world.submit('RegisterStation', moved, OPERATOR)).rejects.toThrow(/^ALREADY_EXISTS: /);
    const offsets = [...moved.offsets, ...moved.offsets];
    await expect(world.submit('RegisterStation', { ...moved, stationId: 'new', offsets }, OPERATOR)).rejects.toThrow(
      /^INVALID_ARGUMENT: /,
    );
    await expect(world.station('none')).rejects.toThrow(/^NOT_FOUND: /);
  });

  it('shows its balance to its operator and supervision only', async () => {
    const world = await LedgerWorld.open();
    const asked = (mspId: string) => world.query('GetStation', { stationId: 'TELD-CS' }, by(mspId, 'auditor'));
    expect(await asked('STAR')).toMatchObject({ balance: null, name: 'TELD-CS' });
    expect(await asked('TELD')).toMatchObject({ balance: { balanceMinor: '0' } });
    expect(await asked('SUPERVISION')).toMatchObject({ balance: { balanceMinor: '0' } });
  });
});
