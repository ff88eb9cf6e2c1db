import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { foundConsortium, publishFacts } from '../testing/consortium.js';
import { EngineHarness } from '../testing/engine-harness.js';
import { ScriptedLedger } from '../testing/scripted-ledger.js';
import { createSettlementDatabase } from '../testing/test-database.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import { LAG_COUNTED_MAX, PgBacklogSource } from './backlog.pg.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describe('backlog', () => {
  const ledger = new ScriptedLedger();
  let harness: EngineHarness;

  beforeAll(async () => {
    harness = new EngineHarness(await createSettlementDatabase(), ledger);
    await harness.begin();
    await foundConsortium(harness.engine.writer);
  });

  afterAll(async () => {
    await harness.end();
    await harness.base.drop();
  });

  it('counts what is under way, what waits for a person, and what nobody has seen', async () => {
    const source = new PgBacklogSource(harness.base.database);
    ledger.manual = true;
    await publishFacts(harness.base.owner, [{}, { evId: 'ev2' }, { evId: 'nobody' }, { holdReason: 'too_old' }]);
    await harness.engine.sweeper.sweep();
    await until(async () => (await source.backlog()).transactionsInFlight === 1);
    expect(await source.backlog()).toMatchObject({ waiting: 3, invalid: 0, quarantined: 1, factsWithoutRow: 0 });
    expect((await source.backlog()).oldestMs).toBeLessThanOrEqual(harness.clock.nowMs());
    await ledger.cut();
    await until(async () => (await source.backlog()).waiting === 0);
    expect(await source.backlog()).toEqual({
      waiting: 0,
      oldestMs: null,
      transactionsInFlight: 0,
      invalid: 1,
      quarantined: 1,
      factsWithoutRow: 0,
    });
    await harness.end();
    await publishFacts(harness.base.owner, [{}, {}]);
    expect((await source.backlog()).factsWithoutRow).toBe(2);
    expect(LAG_COUNTED_MAX).toBeGreaterThanOrEqual(10_000);
  });
});
