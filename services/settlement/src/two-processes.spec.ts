import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { foundConsortium, publishFacts, treasurer } from './testing/consortium.js';
import { EngineHarness } from './testing/engine-harness.js';
import { ScriptedLedger } from './testing/scripted-ledger.js';
import { createSettlementDatabase } from './testing/test-database.js';
import { PATIENCE_MS, until } from './testing/until.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

/** A rolling restart has two of them for a while; two machines may share the operators for good. */
describe('two settlement processes on one database', () => {
  let one: EngineHarness;
  let two: EngineHarness;

  beforeAll(async () => {
    const ledger = new ScriptedLedger();
    one = new EngineHarness(await createSettlementDatabase(), ledger);
    two = new EngineHarness(one.base, ledger);
    await one.begin();
    await foundConsortium(one.engine.writer);
    await two.begin();
  });

  afterAll(async () => {
    await one.end();
    await two.end();
    await one.base.drop();
  });

  const allFinal = (ids: readonly string[]) =>
    until(
      async () =>
        (await one.count(`settlement.settlement where state = 'final' and settlement_id in ('${ids.join("','")}')`)) ===
        ids.length,
    );

  it('settle each session once, one worker per operator', async () => {
    const facts = Array.from({ length: 80 }, (_, index) => ({
      evId: `ev${1 + (index % 3)}`,
      operatorId: index % 2 ? 'STAR' : 'TELD',
    }));
    const ids = await publishFacts(one.base.owner, facts);
    await Promise.all(
      ids.map((settlementId, index) => (index % 2 ? one : two).engine.processor.process({ settlementId }, 1)),
    );
    await allFinal(ids);
    expect(await one.count('settlement.bill')).toBe(80);
    expect(await one.count(`settlement.settlement_step where state = 'final'`)).toBe(80);
  });

  it('both hear the verdicts of what they wrote, whoever projected the block', async () => {
    const deposits = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? one : two).engine.writer.write(
        'Deposit',
        { evId: `ev${1 + (index % 3)}`, amountMinor: '1', reference: `both-${index}` },
        treasurer('TELD'),
        [`ev${1 + (index % 3)}`],
      ),
    );
    for (const written of await Promise.all(deposits)) expect(written.blockNumber).toBeGreaterThan(0n);
    expect(one.engine.courier.inFlight + two.engine.courier.inFlight).toBe(0);
  });

  it('the other one takes over when one ends', async () => {
    await one.end();
    const ids = await publishFacts(one.base.owner, [{}, { operatorId: 'STAR', evId: 'ev2' }]);
    await allFinal(ids);
  });
});
