import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BillView, LedgerStatusView, PageView, SessionView } from '@tallywatt/contracts';
import { WirePile } from '../support/ocpp-wire.js';
import { Product, until } from '../support/product.js';
import { OwnRedis } from '../support/redis.js';
import { bootAndAuthorize, chargeOnce, register, type Registered } from '../support/story.js';

const STORY_MS_MAX = 180_000;
/** reliability.md B9: Redis is back in 3 s; and a machine under load. */
const TALK_AGAIN_MS_MAX = 10_000;

/** The main flow with the queue on a Redis that forgets everything, dies, and is not missed. */
describe('one session becomes one bill, on Redis', () => {
  let redis: OwnRedis;
  let product: Product;
  const drivers: Registered[] = [];
  beforeAll(async () => {
    redis = await OwnRedis.start();
    product = await Product.create({ REDIS_URL: redis.url });
    await product.start('--no-sim');
    for (const number of [1, 2, 3]) drivers.push(await register(product, number));
  }, STORY_MS_MAX);
  afterAll(async () => {
    await product.destroy();
    await redis.kill();
  }, STORY_MS_MAX);

  const staff = (): string => product.tokenOf('operator', 'TELD');
  /** Services that lost their Redis find each other again within seconds; until then the API says 503, retryable. */
  const answerOf = async (path: string, token: string): Promise<unknown> => {
    const read = (): ReturnType<Product['api']> => product.api('GET', path, token);
    return (await until(`an answer to ${path}`, read, ({ status }) => status === 200, TALK_AGAIN_MS_MAX)).body;
  };
  /** One session of the n-th driver, with a fault right after its Stop; then its bill. */
  const billAfter = async (driver: Registered | undefined, fault: () => Promise<void>): Promise<BillView> => {
    if (driver === undefined) throw new Error('no such driver');
    const pile = await WirePile.connect(product.credentials.ocpp, driver.chargePointId, driver.password);
    await bootAndAuthorize(pile, driver.idTag);
    await chargeOnce(pile, driver.idTag);
    await fault();
    await pile.close();
    const read = async (): Promise<SessionView | undefined> =>
      ((await product.api('GET', `/v1/sessions?evId=${driver.evId}`, staff())).body as PageView<SessionView>).data[0];
    const settled = await until('the session is final', read, (view) => view?.settlement?.state === 'final');
    expect(settled).toMatchObject({ evId: driver.evId, energyWh: 26_400, holdReason: null });
    const bills = await answerOf(`/v1/bills?evId=${driver.evId}`, product.tokenOf('finance', 'TELD'));
    const { data } = bills as PageView<BillView>;
    expect(data).toHaveLength(1);
    return data[0] ?? Promise.reject(new Error('no bill'));
  };

  it('runs on the Redis that it was told of', async () => {
    expect(await redis.keys()).toEqual(expect.arrayContaining([expect.stringMatching(/^tallywatt:settlement:/)]));
  });

  it.each([
    ['works', 0, async () => undefined],
    ['loses everything', 1, () => redis.flush()],
    ['dies, and comes back empty', 2, () => redis.restart()],
  ])(
    'bills once when the queue %s',
    async (_what, index, fault) => {
      expect(await billAfter(drivers[index], fault)).toMatchObject({ energyWh: 26_400 });
    },
    STORY_MS_MAX,
  );

  it('keeps money whole', async () => {
    const status = await answerOf('/v1/ledger', product.tokenOf('supervisor', 'SUPERVISION'));
    expect(status as LedgerStatusView).toMatchObject({ supply: { conserved: true } });
  });

  it(
    'ends with Ctrl-C though its Redis is gone',
    async () => {
      await redis.kill();
      expect(await product.stop()).toBe(0);
    },
    STORY_MS_MAX,
  );
});
