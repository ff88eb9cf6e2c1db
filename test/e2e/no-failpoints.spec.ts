import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { failpointFindings, harnessTraces } from '../architecture/failpoints.js';
import { REPOSITORY } from '../architecture/source-tree.js';
import { Books } from '../faults/books.js';
import { channelOf, FAILPOINTS } from '../faults/failpoints.js';
import { KillOrders } from '../faults/kill-orders.js';
import { WirePile } from '../support/ocpp-wire.js';
import { descendantsOf, processText, pidOf } from '../support/product-processes.js';
import { Product, until } from '../support/product.js';
import { bootAndAuthorize, chargeOnce, register } from '../support/story.js';

const START_MS_MAX = 120_000;
/** Start command, PostgreSQL's postmaster, settlement, csms. */
const PROCESSES_MIN = 4;

/** Compiled code of a workspace: what the processes run. */
function compiled(folder: string): { path: string; text: string }[] {
  return (
    readdirSync(join(REPOSITORY, folder, 'dist'), { recursive: true, encoding: 'utf8' })
      // The bundle holds the packages of others as well.
      .filter((name) => name.endsWith('.js') && !name.startsWith('bundle'))
      .map((name) => {
        const path = join(folder, 'dist', name);
        return { path, text: readFileSync(join(REPOSITORY, path), 'utf8') };
      })
  );
}

describe('a normal start', () => {
  let product: Product;
  let folder = '';
  let orders: KillOrders;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tallywatt-orders-'));
    orders = new KillOrders(folder);
    // What somebody may leave behind, and every name that a switch could have.
    const left = { TALLYWATT_FAILPOINTS: 'stopCommitted:1', FAILPOINTS: folder, ORDERS: folder };
    product = await Product.create({ ...left, NODE_OPTIONS: '' });
    await product.start('--no-sim');
  }, START_MS_MAX);
  afterAll(async () => {
    await product.destroy();
    rmSync(folder, { recursive: true });
  });

  it('runs no code that kills', () => {
    const packages = readdirSync(join(REPOSITORY, 'packages')).map((name) => join('packages', name));
    const files = [...packages, 'chaincode', 'services/csms', 'services/settlement'].flatMap(compiled);
    expect(files.filter(({ path }) => path.endsWith('failpoint.js'))).toHaveLength(2);
    expect(failpointFindings(files)).toEqual([]);
  });

  it('knows each name where it is reached, and no listener for it', () => {
    const services = ['csms', 'settlement'].map((service) =>
      readFileSync(join(REPOSITORY, `services/${service}/dist/bundle/main.js`), 'utf8'),
    );
    const started = services.join('\n');
    expect(started.includes('die-at-failpoint')).toBe(false);
    for (const { name } of Object.values(FAILPOINTS)) {
      expect([name, started.split(channelOf(name)).length - 1]).toEqual([name, 1]);
    }
  });

  it('has nothing of the harness in any of its processes', () => {
    const processes = [product.pid, ...descendantsOf(product.pid)].map((pid) => ({
      commandLine: processText(pid, 'cmdline'),
      environment: processText(pid, 'environ'),
    }));
    expect(processes.length).toBeGreaterThanOrEqual(PROCESSES_MIN);
    expect(processes.filter(({ commandLine }) => commandLine.includes('services/'))).toHaveLength(2);
    for (const { commandLine, environment } of processes) {
      expect(harnessTraces(commandLine, environment)).toEqual([]);
      if (commandLine.includes('services/')) expect(environment).not.toMatch(/FAILPOINT|ORDERS/);
    }
  });

  it('bills a session past every failpoint while an order lies there', async () => {
    const pids = (): unknown[] =>
      (['csms', 'settlement'] as const).map((victim) => pidOf(victim, product.pid, product.dataFolder));
    const before = pids();
    orders.give({ id: 1, name: FAILPOINTS.K2.name, after: 0 });
    const { chargePointId, password, idTag } = await register(product, 1);
    const pile = await WirePile.connect(product.credentials.ocpp, chargePointId, password);
    await bootAndAuthorize(pile, idTag);
    await chargeOnce(pile, idTag);
    const books = new Books(product.dataFolder);
    await until(
      'the session is billed',
      () => books.finals(),
      (finals) => finals === 1,
    );
    await Promise.all([books.close(), pile.close()]);
    expect(pids()).toEqual(before);
    expect(orders.hits()).toEqual([]);
  });
});
