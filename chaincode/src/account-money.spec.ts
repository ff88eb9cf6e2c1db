import { describe, expect, it } from '@jest/globals';
import { itemCosting, LedgerWorld, registerUnitStation } from './testing/ledger-world.js';
import { readVectors } from './testing/vectors.js';

interface Step {
  readonly payMinor?: number;
  readonly depositMinor?: number;
  readonly balanceMinor: number;
  readonly creditSum: number;
  readonly creditCount: number;
  readonly arrears: number;
  readonly blocked: boolean;
}
interface Walk {
  readonly openingMinor: number;
  readonly thresholdMinor: number;
  readonly steps: readonly Step[];
}
const walks = readVectors('credit') as readonly Walk[];

describe('credit of an EV user, through the contract', () => {
  it('has walks to check', () => expect(walks.length).toBeGreaterThanOrEqual(3));

  it.each(walks.map((walk, index) => ({ index, walk })))('walk $index of the shared vectors', async ({ walk }) => {
    const world = await LedgerWorld.open({ thresholdMinor: String(walk.thresholdMinor) });
    await registerUnitStation(world);
    if (walk.openingMinor > 0) await world.deposit(String(walk.openingMinor), 'opening');
    for (const [index, step] of walk.steps.entries()) {
      if (step.depositMinor !== undefined) await world.deposit(String(step.depositMinor), `d-${index}`);
      if (step.payMinor !== undefined) {
        expect(await world.settle([itemCosting(`s-${index}`, step.payMinor)])).toEqual([
          { settlementId: `s-${index}`, verdict: 'settled' },
        ]);
      }
      const { balanceMinor, creditSum, creditCount, arrears, blocked } = step;
      expect(await world.account()).toMatchObject({
        balanceMinor: String(balanceMinor),
        creditSum,
        creditCount,
        arrears,
        blocked,
      });
    }
    expect((await world.supply()).conserved).toBe(true);
  });
});
