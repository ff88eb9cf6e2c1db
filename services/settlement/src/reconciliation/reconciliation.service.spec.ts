import { describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ShiftedClock } from '../testing/engine-harness.js';
import type { BreakRepository } from './break.repository.js';
import { ReconciliationService, RUNS_WAITING_MAX } from './reconciliation.service.js';
import type { RunStore } from './run-store.js';
import type { SessionSource } from './session-source.js';

Logger.overrideLogger(false);

const PERIOD = { operatorId: null, fromMs: 0, toMs: 1 };
const AS_OF = { block: 0, ms: 0 };

/** A service whose runs wait until they are let go; a run may fail. */
function serviceOf(fault?: Error) {
  const done: string[] = [];
  let letGo = (): void => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  let next = 0;
  const runs = {
    create: () => Promise.resolve(),
    running: () => Promise.resolve([]),
    done: (id: string) => Promise.resolve(void done.push(id)),
  } as unknown as RunStore;
  const sessions = { ofPeriod: () => (fault === undefined ? gate : Promise.reject(fault)) } as unknown as SessionSource;
  const breaks = { clear: () => Promise.resolve() } as unknown as BreakRepository;
  const service = new ReconciliationService(runs, sessions, breaks, new ShiftedClock(), () => `run-${(next += 1)}`);
  return { service, done, letGo };
}

describe('reconciliation service', () => {
  it('says when too many wait, and works them off in order', async () => {
    const { service, done, letGo } = serviceOf();
    for (let run = 0; run < RUNS_WAITING_MAX; run += 1) {
      expect(service.isBusy).toBe(false);
      await service.create(PERIOD, AS_OF, 'me');
    }
    expect(service.isBusy).toBe(true);
    letGo();
    await service.settled();
    expect(service.isBusy).toBe(false);
    expect(done).toEqual(Array.from({ length: RUNS_WAITING_MAX }, (_, index) => `run-${index + 1}`));
  });

  it('leaves a failed run for the next start and goes on', async () => {
    const { service, done } = serviceOf(new Error('database away'));
    await service.create(PERIOD, AS_OF, 'me');
    await service.settled();
    expect(done).toEqual([]);
    expect(service.isBusy).toBe(false);
  });

  it('begins no run while it stops', async () => {
    const { service, done, letGo } = serviceOf();
    await service.create(PERIOD, AS_OF, 'me');
    await service.create(PERIOD, AS_OF, 'me');
    const stopped = service.stop();
    letGo();
    await stopped;
    expect(done).not.toContain('run-2');
  });
});
