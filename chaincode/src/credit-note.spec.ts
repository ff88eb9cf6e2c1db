import { describe, expect, it } from '@jest/globals';
import { by, item, LedgerWorld } from './testing/ledger-world.js';

const TREASURER = by('TELD', 'treasurer');

function creditNote(
  world: LedgerWorld,
  settlementId = 's-1',
  reference = 'n-1',
  reason = 'wrong meter',
  caller = TREASURER,
): Promise<unknown> {
  return world.submit('IssueCreditNote', { settlementId, evId: 'TELD-EV', reference, reason }, caller);
}

describe('IssueCreditNote', () => {
  it('takes the whole bill back and cures arrears like a deposit', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    expect(await world.account()).toMatchObject({ balanceMinor: '-5306', creditSum: -1, arrears: 1, blocked: true });
    expect(await creditNote(world)).toEqual({ billId: 'n-1', totalMinor: '-5306', duplicate: false });
    expect(await world.account()).toMatchObject({
      balanceMinor: '0',
      creditSum: 0,
      creditCount: 2,
      arrears: 0,
      blocked: false,
    });
    expect((await world.station()).balance?.balanceMinor).toBe('0');
    expect(await world.supply()).toMatchObject({ conserved: true });
    expect(await world.bill('s-1')).toMatchObject({ creditedBy: 'n-1' });
    const note = await world.bill('n-1');
    expect(note).toMatchObject({ kind: 'creditNote', refersTo: 's-1', totalMinor: '-5306' });
    expect(note.lines).toMatchObject([{ energyWh: '-26400', electricityFeeMinor: '-3722', serviceFeeMinor: '-1584' }]);
  });

  it('may take a station below zero', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    const { balance } = await world.station();
    await world.submit('FoldAccount', { stationId: 'TELD-CS', deltaKeys: balance?.deltaKeys ?? [] }, TREASURER);
    await world.submit('PayOut', { stationId: 'TELD-CS', amountMinor: '5306', reference: 'p-1' }, TREASURER);
    await creditNote(world);
    expect((await world.station()).balance?.balanceMinor).toBe('-5306');
    expect((await world.supply()).conserved).toBe(true);
  });

  it('moves nothing again for the same reference and content', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    await creditNote(world);
    expect(await creditNote(world)).toMatchObject({ duplicate: true });
    expect(await world.account()).toMatchObject({ balanceMinor: '0' });
  });

  it.each([
    ['ALREADY_CREDITED', 's-1', 'n-2', 'wrong meter'],
    ['REFERENCE_USED', 's-2', 'n-1', 'wrong meter'],
    ['REFERENCE_USED', 's-1', 'n-1', 'another reason'],
    ['REFERENCE_USED', 's-2', 's-1', 'the id of a bill'],
    ['UNKNOWN_BILL', 's-9', 'n-9', 'no bill'],
    ['UNKNOWN_BILL', 'n-1', 'n-9', 'a note of a note'],
  ])('refuses with %s: bill %s, reference %s, %s', async (code, settlementId, reference, reason) => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1'), item('s-2')]);
    await creditNote(world);
    await expect(creditNote(world, settlementId, reference, reason)).rejects.toThrow(new RegExp(`^${code}: `));
    expect((await world.supply()).conserved).toBe(true);
  });
});

describe('a replacement', () => {
  it('moves money only: no second credit award, at or below the threshold', async () => {
    const world = await LedgerWorld.open();
    await world.deposit('6000', 'd-1');
    await world.settle([item('s-1')]);
    await creditNote(world);
    const before = await world.account();
    expect(before).toMatchObject({ balanceMinor: '6000', creditSum: 1, creditCount: 1 });
    expect(await world.settle([item('s-2', { replaces: 's-1' })])).toEqual([
      { settlementId: 's-2', verdict: 'settled' },
    ]);
    expect(await world.account()).toMatchObject({ balanceMinor: '694', creditSum: 1, creditCount: 1, arrears: 0 });
    expect(await world.bill('s-2')).toMatchObject({ kind: 'replacement', refersTo: 's-1', sessionId: 's-1' });
    expect(await world.bill('s-1')).toMatchObject({ creditedBy: 'n-1', replacedBy: 's-2' });
  });

  it.each([
    ['NOT_CREDITED', { replaces: 's-2' }],
    ['UNKNOWN_BILL', { replaces: 's-9' }],
    ['UNKNOWN_BILL', { replaces: 'n-1' }],
    ['REPLACES_OTHER_SESSION', { replaces: 's-1', evId: 'STAR-EV' }],
  ])('is rejected with %s for %j', async (code, change) => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1'), item('s-2')]);
    await creditNote(world);
    expect(await world.settle([item('s-3', change)])).toEqual([{ settlementId: 's-3', verdict: 'rejected', code }]);
  });

  it('replaces a bill once, also within one batch', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    await creditNote(world);
    const verdicts = await world.settle([item('s-2', { replaces: 's-1' }), item('s-3', { replaces: 's-1' })]);
    expect(verdicts).toMatchObject([{ verdict: 'settled' }, { verdict: 'rejected', code: 'ALREADY_REPLACED' }]);
    expect(await world.settle([item('s-4', { replaces: 's-1' })])).toMatchObject([{ code: 'ALREADY_REPLACED' }]);
  });

  it('can itself be corrected, and the session stays the same', async () => {
    const world = await LedgerWorld.open();
    await world.settle([item('s-1')]);
    await creditNote(world);
    await world.settle([item('s-2', { replaces: 's-1' })]);
    await creditNote(world, 's-2', 'n-2');
    await world.settle([item('s-3', { replaces: 's-2' })]);
    expect(await world.bill('s-3')).toMatchObject({ refersTo: 's-2', sessionId: 's-1' });
    expect(await world.account()).toMatchObject({ balanceMinor: '-5306', creditCount: 2, arrears: 0 });
    expect((await world.supply()).conserved).toBe(true);
  });
});
