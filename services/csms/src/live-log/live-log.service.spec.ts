import { describe, expect, it } from '@jest/globals';
import { MemoryLiveLogSource } from '../api/testing/fakes.js';
import type { Cursor, SourceEvent } from './live-log-source.js';
import { EVENTS_PER_READ_MAX, LiveLogService, POLL_INTERVAL_MS_MAX, POLL_INTERVAL_MS_MIN } from './live-log.service.js';

const START: Cursor = { csmsSeq: 0n, settlementSeq: 0n };

function frame(seq: number): SourceEvent {
  const entry = {
    kind: 'frame',
    at: 'now',
    chargePointId: null,
    sessionId: null,
    operatorId: null,
    text: '',
    data: null,
  } as const;
  return { source: 'csms', seq: BigInt(seq), operatorId: null, userOperatorId: null, evId: null, entry };
}

async function until(holds: () => boolean, msMax = 3 * POLL_INTERVAL_MS_MAX): Promise<void> {
  const endMs = Date.now() + msMax;
  while (!holds()) {
    if (Date.now() > endMs) throw new Error('did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('LiveLogService', () => {
  it('finds events without any poke within the longest interval', async () => {
    const source = new MemoryLiveLogSource();
    const service = new LiveLogService(source);
    const got: SourceEvent[] = [];
    service.tryFollow(START, (page) => got.push(...page));
    await until(() => source.reads > 0);
    source.events.push(frame(1));
    await until(() => got.length === 1);
    service.onModuleDestroy();
  });

  it('does not let a client in that is behind the shared reader', async () => {
    const source = new MemoryLiveLogSource();
    const service = new LiveLogService(source);
    source.events.push(frame(1), frame(2));
    const got: SourceEvent[] = [];
    service.tryFollow(START, (page) => got.push(...page));
    await until(() => got.length === 2);
    expect(service.tryFollow({ csmsSeq: 1n, settlementSeq: 0n }, () => undefined)).toBeUndefined();
    expect(service.tryFollow({ csmsSeq: 2n, settlementSeq: 0n }, () => undefined)).toBeDefined();
    service.onModuleDestroy();
  });

  it('reads on at once while pages are full, in bounded pages', async () => {
    const source = new MemoryLiveLogSource();
    const service = new LiveLogService(source);
    for (let seq = 1; seq <= 3 * EVENTS_PER_READ_MAX; seq += 1) source.events.push(frame(seq));
    const pages: number[] = [];
    service.tryFollow(START, (page) => pages.push(page.length));
    await until(() => pages.length >= 3, POLL_INTERVAL_MS_MAX);
    expect(pages.slice(0, 3)).toEqual([EVENTS_PER_READ_MAX, EVENTS_PER_READ_MAX, EVENTS_PER_READ_MAX]);
    service.onModuleDestroy();
  });

  it('reads nothing for who comes while it stops', async () => {
    const source = new MemoryLiveLogSource();
    const service = new LiveLogService(source);
    service.onModuleDestroy();
    service.tryFollow(START, () => undefined);
    service.poke();
    await new Promise((resolve) => setTimeout(resolve, 3 * POLL_INTERVAL_MS_MIN));
    expect(source.reads).toBe(0);
  });

  it('goes on after a failed read', async () => {
    const source = new MemoryLiveLogSource();
    const service = new LiveLogService(source);
    const read = source.read.bind(source);
    let failures = 0;
    source.read = (after, limit) =>
      (failures += 1) === 1 ? Promise.reject(new Error('database away')) : read(after, limit);
    source.events.push(frame(1));
    const got: SourceEvent[] = [];
    service.tryFollow(START, (page) => got.push(...page));
    await until(() => got.length === 1);
    expect(failures).toBeGreaterThan(1);
    service.onModuleDestroy();
  });
});
