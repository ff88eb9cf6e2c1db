import { describe, expect, it } from '@jest/globals';
import { by, item, LedgerWorld } from './testing/ledger-world.js';

const TREASURER = by('TELD', 'treasurer');
const OPERATOR = by('TELD', 'operator');

describe('accounts', () => {
  it('are opened empty, once; the same request again is answered alike', async () => {
    const world = await LedgerWorld.open();
    await world.deposit('100', 'd-1');
    expect(await world.submit('OpenAccount', { evId: 'TELD-EV', operatorId: 'TELD' }, OPERATOR)).toEqual({
      evId: 'TELD-EV',
    });
    expect(await world.account()).toMatchObject({ balanceMinor: '100', creditCount: 0, frozen: false, blocked: false });
  });

  it('take a deposit once per reference of their operator', async () => {
    const world = await LedgerWorld.open();
    expect(await world.deposit('100', 'd-1')).toEqual({ reference: 'd-1', amountMinor: '100', duplicate: false });
    expect(await world.deposit('100', 'd-1')).toMatchObject({ duplicate: true });
    await expect(world.deposit('101', 'd-1')).rejects.toThrow(/^REFERENCE_USED: /);
    await world.submit('OpenAccount', { evId: 'TELD-EV2', operatorId: 'TELD' }, OPERATOR);
    await expect(world.deposit('100', 'd-1', 'TELD-EV2')).rejects.toThrow(/^REFERENCE_USED: /);
    expect(await world.deposit('100', 'd-1', 'STAR-EV', 'STAR')).toMatchObject({ duplicate: false });
    expect(await world.account()).toMatchObject({ balanceMinor: '100' });
  });

  it('give back cash up to the balance, once per reference', async () => {
    const world = await LedgerWorld.open();
    await world.deposit('100', 'd-1');
    const refund = { evId: 'TELD-EV', amountMinor: '60', reference: 'r-1' };
    await world.submit('Refund', refund, TREASURER);
    expect(await world.submit('Refund', refund, TREASURER)).toMatchObject({ duplicate: true });
    await expect(world.submit('Refund', { ...refund, reference: 'r-2' }, TREASURER)).rejects.toThrow(
      /^INSUFFICIENT_BALANCE: /,
    );
    expect(await world.account()).toMatchObject({ balanceMinor: '40' });
    expect(await world.supply()).toMatchObject({ refundsMinor: '60', conserved: true });
  });

  it('never fall below the threshold by a refund', async () => {
    const world = await LedgerWorld.open({ thresholdMinor: '50' });
    await world.deposit('100', 'd-1');
    const refund = (amountMinor: string) =>
      world.submit('Refund', { evId: 'TELD-EV', amountMinor, reference: `r-${amountMinor}` }, TREASURER);
    await expect(refund('51')).rejects.toThrow(/^INSUFFICIENT_BALANCE: /);
    await refund('50');
  });

  it('when frozen still pay what was delivered and take deposits, and give nothing back', async () => {
    const world = await LedgerWorld.open();
    await world.deposit('10000', 'd-1');
    await world.submit('FreezeAccount', { evId: 'TELD-EV', frozen: true }, OPERATOR);
    expect(await world.account()).toMatchObject({ frozen: true });
    expect(await world.settle([item('s-1')])).toMatchObject([{ verdict: 'settled' }]);
    await world.deposit('1', 'd-2');
    const refund = { evId: 'TELD-EV', amountMinor: '1', reference: 'r-1' };
    await expect(world.submit('Refund', refund, TREASURER)).rejects.toThrow(/^ACCOUNT_FROZEN: /);
    await world.submit('FreezeAccount', { evId: 'TELD-EV', frozen: false }, OPERATOR);
    expect(await world.submit('Refund', refund, TREASURER)).toMatchObject({ duplicate: false });
  });

  it('that do not exist are refused', async () => {
    const world = await LedgerWorld.open();
    await expect(world.deposit('1', 'd-1', 'none')).rejects.toThrow(/^UNKNOWN_ACCOUNT: /);
    await expect(world.account('none')).rejects.toThrow(/^NOT_FOUND: /);
    await expect(world.submit('FreezeAccount', { evId: 'none', frozen: true }, OPERATOR)).rejects.toThrow(
      /^UNKNOWN_ACCOUNT: /,
    );
  });

  it('need parameters first', async () => {
    const world = new LedgerWorld();
    await expect(world.query('GetParameters', {}, OPERATOR)).rejects.toThrow(/^NO_PARAMETERS: /);
  });
});
