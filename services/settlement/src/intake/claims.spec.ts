import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { foundConsortium, publishFact, type FactOverrides } from '../testing/consortium.js';
import { EngineHarness } from '../testing/engine-harness.js';
import { ScriptedLedger } from '../testing/scripted-ledger.js';
import { createSettlementDatabase } from '../testing/test-database.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import type { Decision } from './claim-store.js';
import { LOOKS_MAX } from './settlement.processor.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);
const HOUR_MS = 3_600_000;

describe('claims', () => {
  let harness: EngineHarness;

  beforeAll(async () => {
    harness = new EngineHarness(await createSettlementDatabase(), new ScriptedLedger());
    await harness.begin();
    await foundConsortium(harness.engine.writer);
  });

  afterAll(async () => {
    await harness.end();
    await harness.base.drop();
  });

  const publish = async (overrides: FactOverrides): Promise<string> => {
    const id = await publishFact(harness.base.owner, overrides);
    await harness.engine.processor.process({ settlementId: id }, 1);
    return id;
  };
  const decide = (settlementId: string, decision: Decision['decision'], meterStopWh: bigint | null = null) =>
    harness.engine.decisions.decide({
      settlementId,
      decision,
      meterStopWh,
      reason: 'seen',
      decidedBy: 'kim',
      organisation: 'TELD',
    });
  const final = (id: string): Promise<void> => until(async () => (await harness.state(id)) === 'final');

  it.each([
    ['held facts', { holdReason: 'implausible_power' }, 'implausible_power'],
    [
      'a held close whose Stop may still come',
      { holdReason: 'inferred_stop', holdUntil: new Date(Date.now() + HOUR_MS) },
      'inferred_stop',
    ],
    ['unknown energy', { meterStopWh: null, holdReason: 'unknown_energy' }, 'unknown_energy'],
    ['a station that the ledger does not know', { stationId: 'cs-nowhere' }, 'unknown_station'],
    ["another operator's station", { operatorId: 'TELD', stationId: 'cs-STAR' }, 'station_of_other_operator'],
    ['a falling register', { meterStopWh: 10 }, expect.any(String)],
  ])('quarantines %s, and bills nothing', async (_name, overrides, code) => {
    const id = await publish(overrides);
    expect(await harness.outcome(id)).toMatchObject({ state: 'quarantined', code, tx_id: null });
    expect(await harness.count(`settlement.bill where bill_id = '${id}'`)).toBe(0);
  });

  it('bills a held close at its time when no Stop came', async () => {
    const id = await publish({ holdReason: 'inferred_stop', holdUntil: new Date(harness.clock.nowMs() + HOUR_MS) });
    expect(await harness.state(id)).toBe('quarantined');
    harness.clock.advance(HOUR_MS + 1000);
    await harness.engine.sweeper.sweep();
    await final(id);
    expect(await harness.steps(id)).toEqual(['quarantined(inferred_stop)', 'pending', 'prepared', 'final']);
  });

  it('leaves a held close without energy to a person when its time is over', async () => {
    const holdUntil = new Date(harness.clock.nowMs() + HOUR_MS);
    const id = await publish({ holdReason: 'inferred_stop', holdUntil, meterStopWh: null });
    harness.clock.advance(HOUR_MS + 1000);
    await harness.engine.sweeper.sweep();
    expect(await harness.outcome(id)).toMatchObject({ state: 'quarantined', code: 'unknown_energy' });
    await harness.engine.sweeper.sweep();
    expect(await harness.steps(id)).toEqual(['quarantined(inferred_stop)', 'quarantined(unknown_energy)']);
  });

  it('takes the real Stop in place of a held close', async () => {
    const id = await publish({ holdReason: 'inferred_stop', holdUntil: new Date(harness.clock.nowMs() + HOUR_MS) });
    await publishFact(harness.base.owner, { settlementId: id, revision: 2, energyWh: 20_000 });
    await harness.engine.sweeper.sweep();
    await final(id);
    expect(await harness.outcome(id)).toMatchObject({ total_minor: '2000' });
  });

  it('does not change what is billed when a later revision differs', async () => {
    const id = await publish({});
    await final(id);
    await publishFact(harness.base.owner, { settlementId: id, revision: 2, energyWh: 20_000 });
    await harness.engine.sweeper.sweep();
    expect(await harness.outcome(id)).toMatchObject({ state: 'final', total_minor: '1000' });
  });

  it('looks again for facts that are not visible, and abandons a job that names none', async () => {
    const job = { settlementId: '00000000-0000-4000-8000-000000000000' };
    expect(await harness.engine.processor.process(job, 1)).toBe('later');
    expect(await harness.engine.processor.process(job, LOOKS_MAX)).toBe('abandoned');
    expect(await harness.engine.processor.process({ settlementId: 'no uuid' }, LOOKS_MAX)).toBe('abandoned');
  });

  it('bills what a person releases, as it is or corrected, and keeps who and why', async () => {
    const released = await publish({ holdReason: 'implausible_power' });
    expect(await decide(released, 'release')).toEqual({ outcome: 'pending' });
    const corrected = await publish({ holdReason: 'unknown_energy', meterStopWh: null });
    expect(await decide(corrected, 'release')).toEqual({ outcome: 'quarantined', code: 'unknown_energy' });
    expect(await decide(corrected, 'correct', 6_000n)).toEqual({ outcome: 'pending' });
    await final(released);
    await final(corrected);
    expect(await harness.outcome(corrected)).toMatchObject({ total_minor: '500' });
    const kept = await harness.base.database.rows(
      `select decision, meter_stop_wh, reason, decided_by, organisation from settlement.settlement_decision
       where settlement_id = $1 order by decision_id`,
      [corrected],
    );
    const by = { reason: 'seen', decided_by: 'kim', organisation: 'TELD' };
    expect(kept).toEqual([
      { decision: 'release', meter_stop_wh: null, ...by },
      { decision: 'correct', meter_stop_wh: '6000', ...by },
    ]);
  });

  it('drops for good', async () => {
    const id = await publish({ holdReason: 'session_overlap' });
    expect(await decide(id, 'drop')).toEqual({ outcome: 'dropped' });
    expect(await decide(id, 'release')).toEqual({ outcome: 'not_waiting' });
    await publishFact(harness.base.owner, { settlementId: id, revision: 2 });
    await harness.engine.sweeper.sweep();
    expect(await harness.state(id)).toBe('dropped');
  });

  it('knows nothing to decide about what is final, or is nowhere', async () => {
    const id = await publish({});
    await final(id);
    expect(await decide(id, 'release')).toEqual({ outcome: 'not_waiting' });
    expect(await decide('00000000-0000-4000-8000-000000000000', 'drop')).toEqual({ outcome: 'unknown' });
    expect(await decide("x' or true", 'drop')).toEqual({ outcome: 'unknown' });
  });
});
