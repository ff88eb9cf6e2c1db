import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AccountView,
  BillView,
  LedgerStatusView,
  PageView,
  ReconciliationView,
  SessionView,
} from '@tallywatt/contracts';
import { freePortRow } from '../support/free-port.js';
import { WirePile } from '../support/ocpp-wire.js';
import { Product, until } from '../support/product.js';
import { bootAndAuthorize, chargeOnce, register, type Registered } from '../support/story.js';
import { PORTS_IN_A_ROW } from './small-network.js';

const STORY_MS_MAX = 300_000;

/** The main flow with the bill on a Fabric network: as `npm start -- --ledger fabric` brings it up. */
describe('one session becomes one bill, on Fabric', () => {
  let product: Product;
  let driver: Registered;
  let flags: string[] = [];
  beforeAll(async () => {
    flags = ['--no-sim', '--ledger', 'fabric', '--fabric-port', String(await freePortRow(PORTS_IN_A_ROW))];
    product = await Product.create();
    await product.start(...flags);
    driver = await register(product, 1);
  }, STORY_MS_MAX);
  afterAll(() => product.destroy(), STORY_MS_MAX);

  const finance = (): string => product.tokenOf('finance', 'TELD');
  const read = async <T>(path: string): Promise<T> => (await product.api('GET', path, finance())).body as T;

  it('says on which ledger it runs', async () => {
    const { body } = await product.api('GET', '/v1/ledger', product.tokenOf('supervisor', 'SUPERVISION'));
    expect(body as LedgerStatusView).toMatchObject({ mode: 'fabric', notice: null, supply: { conserved: true } });
  });

  it(
    'settles a session by the contract on its peers',
    async () => {
      const pile = await WirePile.connect(product.credentials.ocpp, driver.chargePointId, driver.password);
      await bootAndAuthorize(pile, driver.idTag);
      await chargeOnce(pile, driver.idTag);
      await pile.close();
      const sessions = async (): Promise<SessionView | undefined> =>
        (await read<PageView<SessionView>>(`/v1/sessions?evId=${driver.evId}`)).data[0];
      const settled = await until('the session is final', sessions, (view) => view?.settlement?.state === 'final');
      expect(settled).toMatchObject({ energyWh: 26_400, holdReason: null });
      const { data } = await read<PageView<BillView>>(`/v1/bills?evId=${driver.evId}`);
      expect(data).toHaveLength(1);
      const [bill] = data;
      expect(await product.api('GET', `/v1/bills/${bill?.id}/verify`, finance())).toMatchObject({ status: 200 });
      const account = await read<AccountView>(`/v1/accounts/${driver.evId}`);
      expect(BigInt(account.balance.minor)).toBe(10_000n - BigInt(bill?.total.minor ?? '0'));
      expect([account.creditSum, account.creditCount]).toEqual([1, 1]);
    },
    STORY_MS_MAX,
  );

  it(
    'matches charger, job and bill without a break',
    async () => {
      const period = { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
      const created = await product.api('POST', '/v1/reconciliations', finance(), period);
      const { id } = created.body as ReconciliationView;
      const run = await until(
        'the reconciliation ends',
        () => read<ReconciliationView>(`/v1/reconciliations/${id}`),
        ({ state }) => state === 'done',
      );
      expect(run).toMatchObject({ matched: 1, breaks: 0, quarantined: 0, inFlight: 0 });
    },
    STORY_MS_MAX,
  );

  it(
    'finds everything after a stop and a second start, and refuses another ledger for the same data',
    async () => {
      const before = await read<PageView<BillView>>(`/v1/bills?evId=${driver.evId}`);
      expect(await product.stop()).toBe(0);
      await expect(product.start('--no-sim')).rejects.toThrow('start with --ledger fabric');
      await product.start(...flags);
      expect(await read<PageView<BillView>>(`/v1/bills?evId=${driver.evId}`)).toEqual(before);
    },
    STORY_MS_MAX,
  );
});
