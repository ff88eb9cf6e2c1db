import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import type { Change } from '../sessions/change.js';
import { endedSession } from '../sessions/testing/session-samples.js';
import {
  IDS_WAITING_MAX,
  JOBS_PER_ADD_MAX,
  OutboxRelay,
  RELAY_GATHER_MS,
  SettlementQueue,
  type QueuedJob,
} from './outbox-relay.js';
import { settlementRequestOf } from './settlement-request.js';

Logger.overrideLogger(false);

class MemoryQueue extends SettlementQueue {
  readonly adds: QueuedJob[][] = [];
  gate: Promise<void> = Promise.resolve();
  isDown = false;

  override async add(jobs: readonly QueuedJob[]): Promise<void> {
    await this.gate;
    if (this.isDown) throw new Error('down');
    this.adds.push([...jobs]);
  }
  override async close(): Promise<void> {}
  get ids(): string[] {
    return this.adds.flat().map(({ data }) => data.settlementId);
  }
}

function change(...ids: string[]): Change {
  return { requests: ids.flatMap((sessionId) => settlementRequestOf({ ...endedSession, sessionId }, [], [], 0) ?? []) };
}

describe('OutboxRelay', () => {
  it('adds one job per request, with its own id, in one round trip', async () => {
    const queue = new MemoryQueue();
    const relay = new OutboxRelay(queue);
    relay.announce([change('a', 'b'), {}, change('c')]);
    await relay.drain();
    expect(queue.adds).toEqual([
      ['a', 'b', 'c'].map((id) => ({ name: 'settle', data: { settlementId: id }, opts: { jobId: `s-${id}` } })),
    ]);
  });

  it('gathers what is committed within a tenth of a second, without being asked to drain', async () => {
    expect(RELAY_GATHER_MS).toBeLessThanOrEqual(100);
    const queue = new MemoryQueue();
    const relay = new OutboxRelay(queue, 30);
    relay.announce([change('a')]);
    await setTimeout(5);
    relay.announce([change('b')]);
    expect(queue.adds).toEqual([]);
    await setTimeout(80);
    expect(queue.adds.map((jobs) => jobs.length)).toEqual([2]);
  });

  it('gathers what is committed while the queue is busy', async () => {
    const queue = new MemoryQueue();
    const relay = new OutboxRelay(queue, 0);
    let open = (): void => undefined;
    queue.gate = new Promise((resolve) => (open = resolve));
    relay.announce([change('a')]);
    await setTimeout(5);
    relay.announce([change('b')]);
    relay.announce([change('c')]);
    open();
    await relay.drain();
    expect(queue.adds.map((jobs) => jobs.length)).toEqual([1, 2]);
  });

  it('lets a crash strike before a job is added, and after', async () => {
    const queue = new MemoryQueue();
    const added: [string, number][] = [];
    const listeners = ['beforeRelay', 'jobAdded'].map(
      (name) => [name, () => void added.push([name, queue.ids.length])] as const,
    );
    for (const [name, listener] of listeners) subscribe(`tallywatt:${name}`, listener);
    const relay = new OutboxRelay(queue, 0);
    relay.announce([change('a')]);
    await relay.drain();
    for (const [name, listener] of listeners) unsubscribe(`tallywatt:${name}`, listener);
    expect(added).toEqual([
      ['beforeRelay', 0],
      ['jobAdded', 1],
    ]);
  });

  it('does not touch the queue for commits without a request', async () => {
    const queue = new MemoryQueue();
    const relay = new OutboxRelay(queue);
    relay.announce([{}, { requests: [] }]);
    await relay.drain();
    expect(queue.adds).toEqual([]);
  });

  it('survives a queue that is away, and adds the next ones', async () => {
    const queue = new MemoryQueue();
    const relay = new OutboxRelay(queue);
    queue.isDown = true;
    relay.announce([change('lost')]);
    await relay.drain();
    queue.isDown = false;
    relay.announce([change('next')]);
    await relay.drain();
    expect(queue.ids).toEqual(['next']);
  });

  it('holds at most IDS_WAITING_MAX, the newest, and adds JOBS_PER_ADD_MAX at a time', async () => {
    const queue = new MemoryQueue();
    const relay = new OutboxRelay(queue, 0);
    let open = (): void => undefined;
    queue.gate = new Promise((resolve) => (open = resolve));
    relay.announce([change('first')]);
    await setTimeout(5);
    relay.announce([change(...Array.from({ length: IDS_WAITING_MAX + 1 }, (_, index) => `n${index}`))]);
    open();
    await relay.drain();
    expect(queue.ids).toHaveLength(IDS_WAITING_MAX + 1);
    expect(queue.ids).not.toContain('n0');
    expect(Math.max(...queue.adds.map((jobs) => jobs.length))).toBe(JOBS_PER_ADD_MAX);
  });
});
