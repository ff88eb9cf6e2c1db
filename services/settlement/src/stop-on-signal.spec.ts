import { describe, expect, it } from '@jest/globals';
import { STOP_MS_MAX, stopOnSignal } from './stop-on-signal.js';
import { until } from './testing/until.js';

function start(close: () => Promise<void>, withinMs?: number) {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  let closes = 0;
  const app = {
    close: () => {
      closes += 1;
      return close();
    },
  };
  const process = {
    on: (signal: string, listener: () => void) => listeners.set(signal, listener),
    exit: (code: number) => void exits.push(code),
  };
  stopOnSignal(app, process, withinMs);
  return { exits, closes: () => closes, signal: (name: string) => listeners.get(name)?.() };
}

describe('stopping on a signal', () => {
  it.each(['SIGTERM', 'SIGINT'])('closes once and ends well on %s, however often it comes', async (name) => {
    const service = start(async () => undefined);
    service.signal(name);
    service.signal(name);
    await until(() => service.exits.length === 1);
    expect(service.exits).toEqual([0]);
    expect(service.closes()).toBe(1);
  });

  it('says so when closing failed', async () => {
    const service = start(() => Promise.reject(new Error('no')));
    service.signal('SIGTERM');
    await until(() => service.exits.length === 1);
    expect(service.exits).toEqual([1]);
  });

  it('does not wait for ever', async () => {
    const service = start(() => new Promise(() => undefined), 20);
    service.signal('SIGTERM');
    await until(() => service.exits.length === 1);
    expect(service.exits).toEqual([1]);
    // The start command kills after 10 s: an own end leaves a line before that.
    expect(STOP_MS_MAX).toBeLessThan(10_000);
  });
});
