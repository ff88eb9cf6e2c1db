import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SystemClock } from '../clock.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import { AccountLocks } from './account-locks.js';
import type { Batch } from './batch.js';
import type { BatchStore, PendingSettlement } from './batch-store.js';
import { BATCHES_IN_FLIGHT_MAX, FLUSH_AFTER_MS, FLUSH_ITEMS, OperatorWorker } from './operator-worker.js';
import type { BatchOutcome, SettleBatch } from './settle-batch.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

describe('operator worker', () => {
  let rows: PendingSettlement[];
  let sent: { readonly batch: Batch; readonly end: (outcome: BatchOutcome) => void }[];
  let reads: number;
  let broken: boolean;
  let worker: OperatorWorker;
  const locks = new AccountLocks();

  beforeEach(() => {
    rows = [];
    sent = [];
    reads = 0;
    broken = false;
    const store: Pick<BatchStore, 'pending'> = {
      pending: async (_operatorId, exceptEvIds, _nowMs, limit) => {
        reads += 1;
        if (broken) throw new Error('database away');
        return rows.filter((row) => !exceptEvIds.includes(row.evId)).slice(0, limit);
      },
    };
    const flow: Pick<SettleBatch, 'settle'> = {
      settle: (batch) =>
        new Promise((end) => {
          sent.push({ batch, end });
        }),
    };
    worker = new OperatorWorker('TELD', {
      store: store as BatchStore,
      locks,
      flow: flow as SettleBatch,
      clock: new SystemClock(),
      randomness: { fraction: () => 0 },
    });
  });

  afterEach(async () => {
    worker.stop();
    for (const { end } of sent) end('done');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(locks.busy()).toEqual([]);
  });

  const row = (settlementId: string, evId: string): PendingSettlement => ({
    settlementId,
    factsRevision: 1,
    operatorId: 'TELD',
    stationId: 'cs1',
    evId,
    startMs: 0,
    endMs: 1,
    meterStartWh: 0n,
    meterStopWh: 0n,
    lines: [],
    totalMinor: 0n,
    evidenceSha256: '',
    replaces: null,
    attempt: 0,
    waitingSinceMs: 0,
  });
  const add = (count: number, evOf = (index: number) => `ev${index}`): void => {
    const start = rows.length;
    rows.push(
      ...Array.from({ length: count }, (_, index) =>
        row(`s${String(start + index).padStart(4, '0')}`, evOf(start + index)),
      ),
    );
    worker.wake(count);
  };
  const ids = (index: number) => sent[index]?.batch.settlements.map((one) => one.settlementId) ?? [];
  const settled = async (index: number, outcome: BatchOutcome = 'done'): Promise<void> => {
    if (outcome === 'done') rows = rows.filter((one) => !ids(index).includes(one.settlementId));
    sent[index]?.end(outcome);
    await Promise.resolve();
  };

  it('lets a few gather for a moment, and sends many at once', async () => {
    await until(() => reads === 1);
    const startedMs = Date.now();
    add(1);
    await until(() => sent.length === 1);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(FLUSH_AFTER_MS - 20);
    const secondMs = Date.now();
    add(FLUSH_ITEMS);
    await until(() => sent.length === 2);
    expect(Date.now() - secondMs).toBeLessThan(FLUSH_AFTER_MS);
    expect(ids(1).length).toBe(FLUSH_ITEMS);
  });

  it('keeps several batches in flight, but no more', async () => {
    add(450);
    await until(() => sent.length === BATCHES_IN_FLIGHT_MAX);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(sent.length).toBe(BATCHES_IN_FLIGHT_MAX);
    await settled(0);
    await until(() => sent.length === BATCHES_IN_FLIGHT_MAX + 1);
  });

  it('takes all sessions of one EV together, and none of it while a batch has it', async () => {
    add(5, () => 'ev1');
    await until(() => sent.length === 1);
    expect(ids(0).length).toBe(5);
    add(2, () => 'ev1');
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(sent.length).toBe(1);
    await settled(0);
    await until(() => sent.length === 2);
    expect(ids(1)).toEqual(['s0005', 's0006']);
  });

  it('tries again after the ledger was away, and after the database was', async () => {
    add(1);
    await until(() => sent.length === 1);
    await settled(0, 'hold');
    await until(() => sent.length === 2);
    expect(ids(1)).toEqual(ids(0));
    broken = true;
    await settled(1, 'hold');
    const before = reads;
    await until(() => reads > before);
    broken = false;
    await until(() => sent.length === 3);
  });

  it('waits long after a stop: only a person can help', async () => {
    add(1);
    await until(() => sent.length === 1);
    await settled(0, 'stop');
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(sent.length).toBe(1);
  });

  it('starts nothing after its end', async () => {
    worker.stop();
    add(FLUSH_ITEMS);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(sent.length).toBe(0);
  });
});
