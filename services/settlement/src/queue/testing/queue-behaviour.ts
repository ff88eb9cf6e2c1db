import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { SETTLE_JOB, type SettlementJob, settlementJobId } from '@tallywatt/contracts';
import type { Queue, Worker } from 'bullmq';
import type { JobOutcome, SettlementProcessor } from '../../intake/settlement.processor.js';
import { foundConsortium, publishFact } from '../../testing/consortium.js';
import { EngineHarness } from '../../testing/engine-harness.js';
import { ScriptedLedger } from '../../testing/scripted-ledger.js';
import { createSettlementDatabase, type SettlementDatabase } from '../../testing/test-database.js';
import { until } from '../../testing/until.js';
import { LOOK_AGAIN_MS, type SettlementQueue } from '../settlement-queue.js';

/** reliability.md B9: from the end of a worker to the next run of its job, when another one starts at once. */
const RUNS_AGAIN_MS_MAX = 6_000;

/** One back end of the queue: what the table needs beside the consuming end itself. */
export interface QueueUnderTest {
  readonly producer: Pick<Queue<SettlementJob>, 'add' | 'getJobCounts' | 'close'>;
  /** Takes jobs by hand and renews no lock: a worker that was killed right after it took one. */
  readonly doomed: Pick<Worker<SettlementJob>, 'getNextJob' | 'close'>;
  consume(processor: SettlementProcessor): Promise<SettlementQueue>;
  /** Loses everything in the queue, under the hands of whoever uses it. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}

/** What each back end of the queue does, one table for all of them. `open` gets a migrated database. */
export function describeSettlementQueue(
  backEnd: string,
  open: (base: SettlementDatabase) => Promise<QueueUnderTest>,
): void {
  describe(`settlement queue on ${backEnd}`, () => {
    behavesAsSettlementQueue(open);
  });
}

function behavesAsSettlementQueue(open: (base: SettlementDatabase) => Promise<QueueUnderTest>): void {
  let base: SettlementDatabase;
  let backend: QueueUnderTest;
  let queue: SettlementQueue | undefined;
  const processed: { readonly id: string; readonly looks: number }[] = [];

  beforeAll(async () => {
    base = await createSettlementDatabase();
    backend = await open(base);
  });
  afterEach(async () => {
    await queue?.close();
    queue = undefined;
    processed.length = 0;
    await backend.wipe();
  });
  afterAll(async () => {
    await Promise.all([backend.producer.close(), backend.doomed.close()]);
    await backend.close();
    await base.drop();
  });

  const consume = async (answer: (looks: number) => JobOutcome = () => 'claimed'): Promise<void> => {
    const processor: Pick<SettlementProcessor, 'process'> = {
      process: async ({ settlementId }, looks) => {
        processed.push({ id: settlementId, looks });
        return answer(looks);
      },
    };
    queue = await backend.consume(processor as SettlementProcessor);
  };
  const add = (settlementId: string): Promise<unknown> =>
    backend.producer.add(SETTLE_JOB, { settlementId }, { jobId: settlementJobId(settlementId) });
  const left = async (): Promise<number> =>
    Object.values(await backend.producer.getJobCounts('waiting', 'active', 'delayed', 'failed')).reduce(
      (sum, count) => sum + count,
      0,
    );
  const ids = (): string[] => processed.map(({ id }) => id).toSorted();

  it('hands each job over once and forgets it, also those from before its start', async () => {
    await add('a');
    await consume();
    await add('b');
    await until(() => processed.length === 2);
    await until(async () => (await left()) === 0);
    expect(ids()).toEqual(['a', 'b']);
  });

  it('has a job id once while its job exists, and takes it again afterwards', async () => {
    await add('a');
    await add('a');
    expect(await left()).toBe(1);
    await consume();
    await until(async () => (await left()) === 0);
    expect(ids()).toEqual(['a']);
    await add('a');
    await until(() => processed.length === 2);
  });

  it('brings a job back later without using its one attempt', async () => {
    await consume((looks) => (looks < 3 ? 'later' : 'claimed'));
    const startedMs = Date.now();
    await add('c');
    await until(() => processed.length === 3, 10 * LOOK_AGAIN_MS);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(2 * LOOK_AGAIN_MS - 100);
    expect(processed.map(({ looks }) => looks)).toEqual([1, 2, 3]);
    await until(async () => (await left()) === 0);
  });

  it('fails a job that names nothing, and keeps it for a look', async () => {
    await consume(() => 'abandoned');
    await add('d');
    await until(async () => (await backend.producer.getJobCounts('failed'))['failed'] === 1);
    expect(ids()).toEqual(['d']);
  });

  it('runs the job of a killed worker again', async () => {
    await add('e');
    expect((await backend.doomed.getNextJob('killed'))?.id).toBe(settlementJobId('e'));
    const killedMs = performance.now();
    await consume();
    await until(() => processed.length === 1);
    expect(performance.now() - killedMs).toBeLessThanOrEqual(RUNS_AGAIN_MS_MAX);
    expect(processed).toEqual([{ id: 'e', looks: 2 }]);
  });

  it('goes on with what is added after a wipe', async () => {
    await consume(() => 'later');
    await add('f');
    await until(() => processed.length === 1);
    await backend.wipe();
    await add('g');
    await until(() => ids().includes('g'));
  });

  it('loses no settlement with its jobs: the sweeper finds the facts, and a late job changes nothing', async () => {
    const harness = new EngineHarness(base, new ScriptedLedger());
    await harness.begin();
    await foundConsortium(harness.engine.writer);
    queue = await backend.consume(harness.engine.processor);
    const settlementId = await publishFact(base.owner);
    await backend.wipe();
    await until(async () => (await harness.state(settlementId)) === 'final');
    await add(settlementId);
    await until(async () => (await left()) === 0);
    expect(await harness.count('settlement.bill')).toBe(1);
    await queue.close();
    await harness.end();
  });
}
