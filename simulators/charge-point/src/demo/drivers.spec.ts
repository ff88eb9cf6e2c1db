import { describe, expect, it } from '@jest/globals';
import { ApiClient } from '../api-client.js';
import { systemClock } from '../clock.js';
import { Registry } from '../registry.js';
import { Rng } from '../rng.js';
import { Drivers } from './drivers.js';
import type { DemoDriver } from './world.js';

const driver = (evId: string, short = false): DemoDriver => ({ evId, idTag: evId, operatorId: 'TELD', short });

class FakeRegistry extends Registry {
  readonly deposits: [string, bigint, string][] = [];
  balanceMinor = '0';
  constructor() {
    super({ api: '', ocpp: '', users: [] }, systemClock);
  }
  override ensureAccount(): Promise<void> {
    return Promise.resolve();
  }
  override deposit({ evId }: { evId: string }, amountMinor: bigint, key: string): Promise<void> {
    this.deposits.push([evId, amountMinor, key]);
    return Promise.resolve();
  }
  override api(): ApiClient {
    const api = new ApiClient('http://unused', '', systemClock);
    api.get = () => Promise.resolve({ balance: { minor: this.balanceMinor } });
    return api;
  }
}

describe('Drivers', () => {
  it('lets each driver charge at one place at a time', () => {
    const drivers = new Drivers([driver('A'), driver('B')], new FakeRegistry(), systemClock, new Rng(1));
    const both = [drivers.take(), drivers.take()];
    expect(both.map((each) => each?.evId).sort()).toEqual(['A', 'B']);
    expect(drivers.take()).toBeUndefined();
    if (both[0] !== undefined) drivers.giveBack(both[0]);
    expect(drivers.take()).toBe(both[0]);
  });

  it('gives the first deposit once: the key does not change with the start', async () => {
    const registry = new FakeRegistry();
    await new Drivers([driver('A'), driver('S', true)], registry, systemClock, new Rng(1)).open();
    expect(registry.deposits.map(([evId, , key]) => [evId, key])).toEqual([
      ['A', 'demo-first-A'],
      ['S', 'demo-first-S'],
    ]);
    expect(registry.deposits[0]?.[1]).toBeGreaterThan(registry.deposits[1]?.[1] ?? 0n);
  });

  it('tops up below the limit only', async () => {
    const registry = new FakeRegistry();
    const drivers = new Drivers([driver('A')], registry, systemClock, new Rng(1));
    registry.balanceMinor = '15000';
    await drivers.topUp(driver('A'));
    expect(registry.deposits).toHaveLength(0);
    registry.balanceMinor = '-3';
    await drivers.topUp(driver('A'));
    expect(registry.deposits).toHaveLength(1);
  });
});
