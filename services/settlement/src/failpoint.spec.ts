import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { reach } from './failpoint.js';
import { foundConsortium, publishFact } from './testing/consortium.js';
import { EngineHarness } from './testing/engine-harness.js';
import { ScriptedLedger } from './testing/scripted-ledger.js';
import { createSettlementDatabase } from './testing/test-database.js';
import { PATIENCE_MS, until } from './testing/until.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

const IN_ORDER = ['jobClaimed', 'rowNotCompleted', 'projectionHalf', 'finalNotReported'] as const;

describe('failpoints of settlement', () => {
  let harness: EngineHarness;
  const reached: string[] = [];
  const toldBefore: number[] = [];
  const listeners = IN_ORDER.map((name) => ({
    channel: `tallywatt:${name}`,
    listener: () => {
      reached.push(name);
      if (name === 'finalNotReported') toldBefore.push(harness.moved.length);
    },
  }));

  beforeAll(async () => {
    harness = new EngineHarness(await createSettlementDatabase(), new ScriptedLedger());
    await harness.begin();
    await foundConsortium(harness.engine.writer);
    for (const { channel, listener } of listeners) subscribe(channel, listener);
  });
  afterAll(async () => {
    for (const { channel, listener } of listeners) unsubscribe(channel, listener);
    await harness.end();
    await harness.base.drop();
  });

  it('are reached in the order of the story, and the report comes after the last of them', async () => {
    const told = harness.moved.length;
    const settlementId = await publishFact(harness.base.owner, {});
    await harness.engine.processor.process({ settlementId }, 1);
    await until(async () => (await harness.state(settlementId)) === 'final' && harness.moved.length > told);
    expect(reached).toEqual(IN_ORDER);
    expect(toldBefore).toEqual([told]);
  });

  it('do nothing when nobody listens', () => {
    expect(reach('blockWritten')).toBeUndefined();
  });
});
