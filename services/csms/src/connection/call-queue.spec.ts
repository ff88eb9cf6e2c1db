import { beforeEach, describe, expect, it } from '@jest/globals';
import { CallQueue } from './call-queue.js';
import { LATE_ANSWERS_MAX, OUTBOUND_QUEUE_MAX } from './limits.js';

let sent: string[];
let late: [string, boolean][];
let nowMs: number;
let queue: CallQueue;

beforeEach(() => {
  sent = [];
  late = [];
  nowMs = 0;
  let id = 0;
  const transport = {
    send: (text: string) => void sent.push(text),
    answeredLate: (messageId: string, isKnown: boolean) => void late.push([messageId, isKnown]),
  };
  queue = new CallQueue(
    transport,
    () => `m${++id}`,
    () => nowMs,
  );
});

describe('CallQueue', () => {
  it('sends the next call when the one in flight has ended, in order', async () => {
    const outcomes = [queue.call('A', { n: 1 }, 10), queue.call('B', {}, 10), queue.call('C', {}, 10)];
    expect(sent).toEqual(['[2,"m1","A",{"n":1}]']);
    queue.answer('m1', { type: 'result', payload: 1 });
    expect(sent).toEqual(['[2,"m1","A",{"n":1}]', '[2,"m2","B",{}]']);
    queue.answer('m2', { type: 'error', code: 'InternalError', description: '', details: {} });
    queue.answer('m3', { type: 'result', payload: 3 });
    expect(await Promise.all(outcomes)).toEqual([
      { type: 'result', payload: 1 },
      { type: 'error', code: 'InternalError', description: '', details: {} },
      { type: 'result', payload: 3 },
    ]);
  });

  it('is bounded: the call that does not fit expires at once', async () => {
    const all = Array.from({ length: 1 + OUTBOUND_QUEUE_MAX }, () => queue.call('A', {}, 10));
    expect(await queue.call('A', {}, 10)).toEqual({ type: 'expired' });
    queue.close();
    await Promise.all(all);
  });

  it('times out the call in flight, then sends the next with a full time of its own', async () => {
    const first = queue.call('A', {}, 10);
    const second = queue.call('B', {}, 100);
    queue.sweep((nowMs = 9));
    expect(sent).toHaveLength(1);
    queue.sweep((nowMs = 10));
    expect(await first).toEqual({ type: 'timeout' });
    expect(sent[1]).toBe('[2,"m2","B",{}]');
    queue.sweep((nowMs = 109));
    queue.answer('m2', { type: 'result', payload: {} });
    expect(await second).toEqual({ type: 'result', payload: {} });
  });

  it('expires a call whose turn does not come', async () => {
    void queue.call('A', {}, 100);
    const second = queue.call('B', {}, 10);
    queue.sweep((nowMs = 10));
    expect(await second).toEqual({ type: 'expired' });
    expect(sent).toHaveLength(1);
  });

  it('tells when a call is sent, not when it is queued', () => {
    const told: string[] = [];
    void queue.call('A', {}, 10, () => told.push('A'));
    void queue.call('B', {}, 10, () => told.push('B'));
    expect(told).toEqual(['A']);
    queue.answer('m1', { type: 'result', payload: {} });
    expect(told).toEqual(['A', 'B']);
  });

  it('knows a late answer from one to nothing, and ends no other call with it', async () => {
    const first = queue.call('A', {}, 10);
    const second = queue.call('B', {}, 10);
    queue.sweep((nowMs = 10));
    queue.sweep((nowMs = 15));
    queue.answer('m1', { type: 'result', payload: 'late' });
    queue.answer('m1', { type: 'result', payload: 'again' });
    queue.answer('nonsense', { type: 'result', payload: {} });
    expect(late).toEqual([
      ['m1', true],
      ['m1', false],
      ['nonsense', false],
    ]);
    expect(await first).toEqual({ type: 'timeout' });
    queue.close();
    expect(await second).not.toMatchObject({ payload: 'late' });
  });

  it('remembers a bounded number of late ids', () => {
    for (let call = 0; call <= LATE_ANSWERS_MAX; call++) {
      void queue.call('A', {}, 1);
      queue.sweep((nowMs += 1));
    }
    queue.answer('m1', { type: 'result', payload: {} });
    queue.answer('m2', { type: 'result', payload: {} });
    expect(late).toEqual([
      ['m1', false],
      ['m2', true],
    ]);
  });

  it('says on close what may have been heard and what was not', async () => {
    const [flying, waiting] = [queue.call('A', {}, 10), queue.call('B', {}, 10)];
    queue.close();
    expect(await Promise.all([flying, waiting])).toEqual([{ type: 'timeout' }, { type: 'not-connected' }]);
    expect(await queue.call('C', {}, 10)).toEqual({ type: 'not-connected' });
    expect(sent).toHaveLength(1);
  });
});
