import { describe, expect, it } from '@jest/globals';
import type { Clock } from './clock.js';
import { CallRefusedError, NoAnswerError, type PileLink } from './pile-link.js';
import { QUEUE_LENGTH_MAX, TransactionQueue } from './transaction-queue.js';

type Script = (action: string, payload: object, count: number) => unknown;

function setUp(script: Script, attempts = 3) {
  const sent: { action: string; payload: object }[] = [];
  const slept: number[] = [];
  const clock: Clock = { nowMs: () => 0, sleep: (ms) => (slept.push(ms), Promise.resolve()) };
  const link: PileLink = {
    connected: true,
    connect: () => Promise.resolve(),
    close: () => Promise.resolve(),
    reconnect: () => Promise.resolve(),
    repeatFrame: () => undefined,
    callAs: () => Promise.resolve({}),
    callRaw: () => Promise.resolve({}),
    abandon: () => undefined,
    call: (action, payload) => {
      sent.push({ action, payload });
      return Promise.resolve().then(() => script(action, payload, sent.length));
    },
  };
  return { sent, slept, queue: new TransactionQueue(link, clock, () => ({ attempts, intervalMs: 60_000 })) };
}

describe('TransactionQueue', () => {
  it('sends in order and builds a payload only when its turn has come', async () => {
    let transactionId = -1;
    const { sent, queue } = setUp((action) => {
      if (action === 'StartTransaction') transactionId = 4711;
      return {};
    });
    await Promise.all([
      queue.send('StartTransaction', () => ({})),
      queue.send('StopTransaction', () => ({ transactionId })),
    ]);
    expect(sent.map((call) => call.action)).toEqual(['StartTransaction', 'StopTransaction']);
    expect(sent[1]?.payload).toEqual({ transactionId: 4711 });
  });

  it('repeats without limit when there is no answer', async () => {
    const { sent, queue } = setUp((action, _payload, count) => {
      if (count <= 20) throw new NoAnswerError(action, 'socket closed');
      return { ok: true };
    });
    await expect(queue.send('StopTransaction', () => ({}))).resolves.toEqual({ ok: true });
    expect(sent).toHaveLength(21);
  });

  it('discards after the configured attempts of CALLERROR, waiting longer each time', async () => {
    const { sent, slept, queue } = setUp((action) => {
      throw new CallRefusedError(action, 'InternalError', '');
    });
    await expect(queue.send('StopTransaction', () => ({}))).rejects.toThrow('InternalError');
    expect(sent).toHaveLength(3);
    expect(slept).toEqual([60_000, 120_000]);
    expect(queue.length).toBe(0);
  });

  it('keeps messages while paused and delivers them afterwards', async () => {
    const { sent, queue } = setUp(() => ({}));
    queue.pause();
    const both = Promise.all([queue.send('StartTransaction', () => ({})), queue.send('StopTransaction', () => ({}))]);
    await Promise.resolve();
    expect(sent).toHaveLength(0);
    expect(queue.length).toBe(2);
    queue.resume();
    await both;
    expect(sent).toHaveLength(2);
  });

  it('refuses more than its limit', async () => {
    const { queue } = setUp(() => ({}));
    queue.pause();
    for (let index = 0; index < QUEUE_LENGTH_MAX; index += 1) void queue.send('MeterValues', () => ({}));
    await expect(queue.send('MeterValues', () => ({}))).rejects.toThrow(RangeError);
    queue.stop();
    expect(queue.length).toBe(0);
  });
});
