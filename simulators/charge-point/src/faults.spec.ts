import { describe, expect, it } from '@jest/globals';
import type { Clock } from './clock.js';
import { ArmedFaults, FaultyLink, LINK_FAULTS, type LinkFault, REORDER_MS_MAX, randomFaults } from './faults.js';
import { NoAnswerError, type PileLink } from './pile-link.js';
import { Rng } from './rng.js';

function setUp(fault?: LinkFault) {
  const events: string[] = [];
  const clock: Clock = {
    nowMs: () => 0,
    sleep: (ms) => (events.push(`sleep ${ms}`), new Promise((resolve) => setTimeout(resolve, 20))),
  };
  const link: PileLink = {
    connected: true,
    connect: () => Promise.resolve(),
    close: () => Promise.resolve(),
    reconnect: () => (events.push('reconnect'), Promise.resolve()),
    repeatFrame: (action) => void events.push(`again ${action}`),
    callAs: () => Promise.resolve({}),
    callRaw: () => Promise.resolve({}),
    abandon: () => undefined,
    call: (action) => (events.push(action), Promise.resolve({ action })),
  };
  const plan = new ArmedFaults();
  if (fault !== undefined) plan.arm('StopTransaction', fault);
  return { events, faulty: new FaultyLink(link, plan, clock) };
}

describe('FaultyLink', () => {
  it('is transparent without a fault, and after the armed one', async () => {
    const { events, faulty } = setUp('drop');
    await expect(faulty.call('Heartbeat', {})).resolves.toEqual({ action: 'Heartbeat' });
    await expect(faulty.call('StopTransaction', {})).rejects.toThrow(NoAnswerError);
    await expect(faulty.call('StopTransaction', {})).resolves.toEqual({ action: 'StopTransaction' });
    expect(events).toEqual(['Heartbeat', 'StopTransaction']);
    expect(faulty.injected.get('drop')).toBe(1);
  });

  it('lets a call arrive and loses its answer', async () => {
    const { events, faulty } = setUp('dropAnswer');
    await expect(faulty.call('StopTransaction', {})).rejects.toThrow(NoAnswerError);
    expect(events).toEqual(['StopTransaction']);
  });

  it('delays, and duplicates', async () => {
    const delayed = setUp('delay');
    await delayed.faulty.call('StopTransaction', {});
    expect(delayed.events).toEqual(['sleep 200', 'StopTransaction']);
    const doubled = setUp('duplicate');
    await doubled.faulty.call('StopTransaction', {});
    expect(doubled.events).toEqual(['StopTransaction', 'again StopTransaction']);
  });

  it('lets the next call overtake', async () => {
    const { events, faulty } = setUp('reorder');
    await Promise.all([faulty.call('StopTransaction', {}), faulty.call('Heartbeat', {})]);
    expect(events.filter((event) => !event.startsWith('sleep'))).toEqual(['Heartbeat', 'StopTransaction']);
  });

  it('does not wait for ever to be overtaken', async () => {
    const { events, faulty } = setUp('reorder');
    await expect(faulty.call('StopTransaction', {})).resolves.toBeDefined();
    expect(events).toEqual([`sleep ${REORDER_MS_MAX}`, 'StopTransaction']);
  });

  it('cuts the socket while the answer is on its way', async () => {
    const { events, faulty } = setUp('reconnect');
    await expect(faulty.call('StopTransaction', {})).rejects.toThrow('cut');
    expect(events).toEqual(['StopTransaction', 'reconnect']);
  });
});

describe('randomFaults', () => {
  it('is seeded, follows its rate and uses every fault', () => {
    const draw = (seed: number): (LinkFault | undefined)[] => {
      const plan = randomFaults(0.3, new Rng(seed));
      return Array.from({ length: 1000 }, () => plan.faultFor('Heartbeat'));
    };
    expect(draw(1)).toEqual(draw(1));
    const faults = draw(1).filter((fault) => fault !== undefined);
    expect(faults.length).toBeGreaterThan(250);
    expect(faults.length).toBeLessThan(350);
    expect(new Set(faults)).toEqual(new Set(LINK_FAULTS));
  });
});
