import { describe, expect, it } from '@jest/globals';
import { by, LedgerWorld, PARAMETERS, SHA, SUPERVISOR } from './testing/ledger-world.js';

describe('parameters', () => {
  it('get a new version with each change, and none without one', async () => {
    const world = await LedgerWorld.open();
    expect(await world.submit('SetParameters', PARAMETERS, SUPERVISOR)).toMatchObject({ version: 1 });
    expect(await world.submit('SetParameters', { ...PARAMETERS, betaE6: '0' }, SUPERVISOR)).toMatchObject({
      version: 2,
      betaE6: '0',
    });
    expect(await world.query('GetParameters', {}, by('TELD', 'driver', 'x'))).toMatchObject({
      version: 2,
      thresholdMinor: '0',
    });
  });

  it('never change the currency of a ledger', async () => {
    const world = await LedgerWorld.open();
    for (const change of [{ currency: 'EUR' }, { currencyDecimals: 3 }]) {
      await expect(world.submit('SetParameters', { ...PARAMETERS, ...change }, SUPERVISOR)).rejects.toThrow(
        /^INVALID_ARGUMENT: /,
      );
    }
  });
});

describe('admission', () => {
  it('admits an operator again under another name, and never supervision', async () => {
    const world = await LedgerWorld.open();
    await world.submit('RegisterOperator', { operatorId: 'TELD', name: 'Teld' }, SUPERVISOR);
    const itself = { operatorId: 'SUPERVISION', name: 'x' };
    await expect(world.submit('RegisterOperator', itself, SUPERVISOR)).rejects.toThrow(/^INVALID_ARGUMENT: /);
  });
});

describe('Anchor', () => {
  it('holds an organisation to one hash per kind and reference', async () => {
    const world = await LedgerWorld.open();
    const anchor = { kind: 'periodClose', ref: '2026-01', sha256: SHA };
    const treasurer = by('TELD', 'treasurer');
    expect(await world.submit('Anchor', anchor, treasurer)).toEqual({ duplicate: false });
    expect(await world.submit('Anchor', anchor, treasurer)).toEqual({ duplicate: true });
    await expect(world.submit('Anchor', { ...anchor, sha256: 'cd'.repeat(32) }, treasurer)).rejects.toThrow(
      /^REFERENCE_USED: /,
    );
    expect(await world.submit('Anchor', anchor, by('STAR', 'treasurer'))).toEqual({ duplicate: false });
    expect(await world.submit('Anchor', anchor, SUPERVISOR)).toEqual({ duplicate: false });
  });

  it('cannot pass for a movement of money', async () => {
    const world = await LedgerWorld.open();
    await world.submit('Anchor', { kind: 'deposit', ref: 'r', sha256: SHA }, by('TELD', 'treasurer'));
    expect(await world.supply()).toMatchObject({ depositsMinor: '0', conserved: true });
  });
});
