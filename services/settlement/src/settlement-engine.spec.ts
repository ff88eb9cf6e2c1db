import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SystemClock } from './clock.js';
import { SystemRandomness } from './randomness.js';
import { SettlementEngine } from './settlement-engine.js';
import { foundConsortium, publishFact } from './testing/consortium.js';
import { ScriptedLedger } from './testing/scripted-ledger.js';
import { createSettlementDatabase, type SettlementDatabase } from './testing/test-database.js';
import { until } from './testing/until.js';

Logger.overrideLogger(false);

describe('settlement engine', () => {
  const ledger = new ScriptedLedger();
  let base: SettlementDatabase;
  let engine: SettlementEngine;

  beforeAll(async () => {
    base = await createSettlementDatabase();
    engine = new SettlementEngine({
      database: base.database,
      ledger,
      signal: { moved: () => undefined },
      clock: new SystemClock(),
      randomness: new SystemRandomness(),
      operators: undefined,
    });
    await engine.start();
    await foundConsortium(engine.writer);
  });

  afterAll(async () => {
    await engine.stop();
    await base.drop();
  });

  const outcome = async (settlementId: string) => {
    const [row] = await base.database.rows<{ state: string; code: string | null; total_minor: string | null }>(
      'select state, code, total_minor from settlement.settlement_outcome where settlement_id = $1',
      [settlementId],
    );
    return row;
  };

  it('takes one fact to a final bill', async () => {
    const id = await publishFact(base.owner);
    expect(await engine.processor.process({ settlementId: id }, 1)).toBe('claimed');
    await until(async () => (await outcome(id))?.state === 'final');
    expect(await outcome(id)).toMatchObject({ state: 'final', code: null, total_minor: '1000' });
    const steps = await base.database.rows<{ state: string }>(
      'select state from settlement.settlement_step where settlement_id = $1 order by seq',
      [id],
    );
    expect(steps.map((step) => step.state).filter((state) => state !== 'submitted')).toEqual(['pending', 'prepared', 'final']);
    const bills = await base.database.rows('select bill_id, total_minor, user_operator_id from settlement.bill');
    expect(bills).toEqual([{ bill_id: id, total_minor: '1000', user_operator_id: 'TELD' }]);
  });
});
