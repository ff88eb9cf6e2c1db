import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Condemned, KillOrders } from './kill-orders.js';

describe('kill orders', () => {
  let folder = '';
  let orders: KillOrders;
  let deaths: number;
  const life = (pid = 7): Condemned => new Condemned(orders, pid, () => (deaths += 1));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tw-orders-'));
    orders = new KillOrders(folder);
    deaths = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('kill nobody while there are none', () => {
    life().reached('jobAdded');
    expect(deaths).toBe(0);
    expect(orders.hits()).toEqual([]);
  });

  it('are obeyed once, at their own point, and written down before', () => {
    let writtenAtDeath: unknown;
    const condemned = new Condemned(orders, 7, () => {
      deaths += 1;
      writtenAtDeath = orders.hits();
    });
    orders.give({ id: 1, name: 'jobAdded', after: 0 });
    condemned.reached('beforeRelay');
    expect(deaths).toBe(0);
    condemned.reached('jobAdded');
    condemned.reached('jobAdded');
    expect(deaths).toBe(1);
    expect(writtenAtDeath).toEqual([{ id: 1, name: 'jobAdded', pid: 7 }]);
    expect(orders.pending()).toBeUndefined();
  });

  it('count anew for each order and each life', () => {
    const first = life();
    orders.give({ id: 1, name: 'jobAdded', after: 2 });
    first.reached('jobAdded');
    first.reached('jobAdded');
    const second = life(8);
    second.reached('jobAdded');
    second.reached('jobAdded');
    expect(deaths).toBe(0);
    second.reached('jobAdded');
    orders.give({ id: 2, name: 'jobAdded', after: 1 });
    second.reached('jobAdded');
    expect(deaths).toBe(1);
    second.reached('jobAdded');
    expect(orders.hits().map(({ id, pid }) => [id, pid])).toEqual([
      [1, 8],
      [2, 8],
    ]);
  });
});
