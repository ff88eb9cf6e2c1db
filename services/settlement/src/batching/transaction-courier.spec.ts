import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { type CommitStatus, LedgerError, type LedgerPort } from '../ledger/ledger.port.js';
import { SettlementMetrics } from '../metrics/settlement-metrics.js';
import { ShiftedClock } from '../testing/engine-harness.js';
import { PATIENCE_MS, until } from '../testing/until.js';
import type { BatchStore } from './batch-store.js';
import { ALARM_AFTER_MS, RESUBMIT_AFTER_MS, TransactionCourier, UNREACHED_RETRY_MS } from './transaction-courier.js';
import type { TransactionVerdict } from './transaction-verdict.js';

Logger.overrideLogger(false);
jest.setTimeout(PATIENCE_MS);

const TX = { txId: 'tx1', bytes: Buffer.from('bytes of tx1') };
const valid: TransactionVerdict = { txId: 'tx1', valid: true, code: 'VALID', blockNumber: 7n, items: [] };

describe('transaction courier', () => {
  let courier: TransactionCourier;
  let clock: ShiftedClock;
  let metrics: SettlementMetrics;
  const sent: string[] = [];
  const stored: string[] = [];
  let answers: (() => void)[];
  let status: CommitStatus | undefined;
  let elsewhere: TransactionVerdict[];

  beforeEach(() => {
    sent.length = 0;
    stored.length = 0;
    answers = [];
    status = undefined;
    elsewhere = [];
    clock = new ShiftedClock();
    metrics = new SettlementMetrics();
    const ledger: Pick<LedgerPort, 'submit' | 'commitStatus'> = {
      submit: async ({ bytes }) => {
        sent.push(Buffer.from(bytes).toString());
        answers.shift()?.();
      },
      commitStatus: async () => status,
    };
    const store: Pick<BatchStore, 'submitted' | 'refused' | 'verdicts'> = {
      submitted: async (txId) => void stored.push(`submitted ${txId}`),
      refused: async (txId, code) => void stored.push(`refused ${txId} ${code}`),
      verdicts: async () => elsewhere,
    };
    courier = new TransactionCourier(ledger as LedgerPort, store as BatchStore, clock, metrics);
    courier.start();
  });

  afterEach(() => courier.stop());

  const fails = (error: LedgerError) => () => {
    throw error;
  };

  it('submits, stores that it did, and waits for the block', async () => {
    const verdict = courier.carry(TX, clock.nowMs());
    await until(() => stored.length === 1);
    expect(stored).toEqual(['submitted tx1']);
    expect(courier.inFlight).toBe(1);
    courier.deliver([{ ...valid, txId: 'of somebody else' }, valid]);
    expect(await verdict).toBe(valid);
    expect(courier.inFlight).toBe(0);
  });

  it('submits the same bytes again after ten seconds without a verdict, not before', async () => {
    void courier.carry(TX, clock.nowMs());
    await until(() => stored.length === 1);
    clock.advance(RESUBMIT_AFTER_MS - 2_000);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(sent.length).toBe(1);
    clock.advance(2_000);
    await until(() => sent.length === 2);
    expect(sent[1]).toBe(sent[0]);
  });

  it('does not submit again what is in a block already', async () => {
    void courier.carry(TX, clock.nowMs());
    await until(() => stored.length === 1);
    status = { txId: 'tx1', blockNumber: 7n, code: 'VALID' };
    clock.advance(RESUBMIT_AFTER_MS);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(sent.length).toBe(1);
    expect(courier.inFlight).toBe(1);
  });

  it('tries again soon when the orderers were not reached', async () => {
    answers.push(fails(new LedgerError('retry', 'LEDGER_UNAVAILABLE', 'down')));
    void courier.carry(TX, clock.nowMs());
    await until(() => sent.length === 1);
    clock.advance(UNREACHED_RETRY_MS);
    await until(() => stored.length === 1);
    expect(sent.length).toBe(2);
  });

  it('ends with a final refusal of the first submit', async () => {
    answers.push(fails(new LedgerError('final', 'TOO_LARGE', 'too large')));
    expect(await courier.carry(TX, clock.nowMs())).toEqual({
      txId: 'tx1',
      valid: false,
      code: 'TOO_LARGE',
      blockNumber: null,
      items: [],
    });
    expect(stored).toEqual(['refused tx1 TOO_LARGE']);
  });

  it('takes no refusal for final when a copy may be ordered', async () => {
    answers.push(
      fails(new LedgerError('ask-again', 'DEADLINE', 'no answer')),
      fails(new LedgerError('final', 'IDENTITY_EXPIRED', 'expired')),
    );
    const verdict = courier.carry(TX, clock.nowMs());
    await until(() => sent.length === 1);
    clock.advance(RESUBMIT_AFTER_MS);
    await until(() => sent.length === 2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stored).toEqual([]);
    courier.deliver([valid]);
    expect(await verdict).toBe(valid);
  });

  it('takes no refusal for final after a restart', async () => {
    answers.push(fails(new LedgerError('final', 'IDENTITY_EXPIRED', 'expired')));
    void courier.resume(TX, clock.nowMs());
    await until(() => sent.length === 1);
    expect(stored).toEqual([]);
    expect(courier.inFlight).toBe(1);
  });

  it('asks before it submits what an earlier life may have submitted', async () => {
    status = { txId: 'tx1', blockNumber: 7n, code: 'VALID' };
    void courier.resume(TX, clock.nowMs());
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(sent).toEqual([]);
  });

  it("hears of a verdict that another process's listener stored", async () => {
    const verdict = courier.carry(TX, clock.nowMs());
    await until(() => stored.length === 1);
    elsewhere = [valid];
    await courier.collect();
    expect(await verdict).toBe(valid);
  });

  it('raises an alarm after a minute, and every minute', async () => {
    const alarms = async () => (await metrics.verdictAlarms.get()).values[0]?.value ?? 0;
    void courier.carry(TX, clock.nowMs());
    clock.advance(ALARM_AFTER_MS);
    await until(async () => (await alarms()) === 1);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await alarms()).toBe(1);
    clock.advance(ALARM_AFTER_MS);
    await until(async () => (await alarms()) === 2);
  });
});
