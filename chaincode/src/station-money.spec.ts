import { describe, expect, it } from '@jest/globals';
import { stateKey } from '@tallywatt/contracts';
import { by, item, LedgerWorld, NOW_MS } from './testing/ledger-world.js';

const TREASURER = by('TELD', 'treasurer');

async function worldWithDeltas(): Promise<{ world: LedgerWorld; deltaKeys: readonly string[] }> {
  const world = await LedgerWorld.open();
  for (const id of ['s-1', 's-2', 's-3']) await world.settle([item(id)]);
  return { world, deltaKeys: (await world.station()).balance?.deltaKeys ?? [] };
}
const fold = (world: LedgerWorld, deltaKeys: readonly string[]): Promise<unknown> =>
  world.submit('FoldAccount', { stationId: 'TELD-CS', deltaKeys }, TREASURER);
const payOut = (world: LedgerWorld, amountMinor: string, reference: string): Promise<unknown> =>
  world.submit('PayOut', { stationId: 'TELD-CS', amountMinor, reference }, TREASURER);

describe('FoldAccount', () => {
  it('moves listed deltas into the folded balance and deletes them; the balance stays', async () => {
    const { world, deltaKeys } = await worldWithDeltas();
    expect(deltaKeys).toHaveLength(3);
    expect(await fold(world, deltaKeys.slice(0, 2))).toEqual({ foldedMinor: '10612' });
    expect((await world.station()).balance).toEqual({
      foldedMinor: '10612',
      deltaKeys: [deltaKeys[2]],
      balanceMinor: '15918',
    });
    expect(await fold(world, deltaKeys.slice(2))).toEqual({ foldedMinor: '15918' });
    expect(await world.supply()).toMatchObject({ conserved: true, stationBalancesMinor: '15918' });
  });

  it('refuses a key that is folded already, twice in the list, of another station, or no delta', async () => {
    const { world, deltaKeys } = await worldWithDeltas();
    const [first = ''] = deltaKeys;
    await fold(world, [first]);
    await expect(fold(world, [first])).rejects.toThrow(/^NOT_FOUND: /);
    await expect(fold(world, [deltaKeys[1] ?? '', deltaKeys[1] ?? ''])).rejects.toThrow(/^INVALID_ARGUMENT: /);
    for (const key of [stateKey('S', 'STAR-CS', '0', 'x'), stateKey('A', 'TELD-EV'), 'x', stateKey('S', 'TELD-CS')]) {
      await expect(fold(world, [key])).rejects.toThrow(/^INVALID_ARGUMENT: /);
    }
  });

  it('conflicts with another fold of the same rows, and with no settlement', async () => {
    const { world, deltaKeys } = await worldWithDeltas();
    const args = { stationId: 'TELD-CS', deltaKeys };
    const [one, two] = [
      await world.ledger.simulate('FoldAccount', args, TREASURER, NOW_MS),
      await world.ledger.simulate('FoldAccount', args, TREASURER, NOW_MS),
    ];
    await world.settle([item('s-4')]);
    expect(await world.ledger.commit(one)).toBe('VALID');
    expect(await world.ledger.commit(two)).toBe('MVCC_READ_CONFLICT');
    expect((await world.station()).balance?.balanceMinor).toBe('21224');
  });
});

describe('PayOut', () => {
  it('draws on the folded balance alone, once per reference', async () => {
    const { world, deltaKeys } = await worldWithDeltas();
    await expect(payOut(world, '1', 'p-1')).rejects.toThrow(/^INSUFFICIENT_BALANCE: /);
    await fold(world, deltaKeys.slice(0, 1));
    await expect(payOut(world, '5307', 'p-1')).rejects.toThrow(/^INSUFFICIENT_BALANCE: /);
    expect(await payOut(world, '5306', 'p-1')).toMatchObject({ duplicate: false });
    expect(await payOut(world, '5306', 'p-1')).toMatchObject({ duplicate: true });
    await expect(payOut(world, '1', 'p-1')).rejects.toThrow(/^REFERENCE_USED: /);
    expect(await world.supply()).toMatchObject({
      conserved: true,
      payOutsMinor: '5306',
      stationBalancesMinor: '10612',
    });
  });

  it('of an unknown station is refused', async () => {
    const { world } = await worldWithDeltas();
    const args = { stationId: 'none', amountMinor: '1', reference: 'p' };
    await expect(world.submit('PayOut', args, TREASURER)).rejects.toThrow(/^UNKNOWN_STATION: /);
  });
});
