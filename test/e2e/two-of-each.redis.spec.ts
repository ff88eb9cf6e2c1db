import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BillView, CommandView, LedgerStatusView, PageView, SessionView } from '@tallywatt/contracts';
import { freePort } from '../support/free-port.js';
import { WirePile } from '../support/ocpp-wire.js';
import { pidOf } from '../support/product-processes.js';
import { Product, until } from '../support/product.js';
import { OwnRedis } from '../support/redis.js';
import { SecondProcess } from '../support/second-process.js';
import { bootAndAuthorize, register, startCharging, stopCharging, type Registered } from '../support/story.js';

const STORY_MS_MAX = 300_000;
const PATIENCE_MS = 90_000;
const REPLACED = 4_000;
const STANDBY = 'standby: another settlement process settles on this database';

/** Two csms behind one database and one Redis, a settlement and its standby: A and S1 are the start command's. */
describe('two processes of each service', () => {
  let redis: OwnRedis;
  let product: Product;
  let csmsB: SecondProcess;
  let standby: SecondProcess;
  let [apiB, ocppB] = ['', ''];
  const drivers: Registered[] = [];

  beforeAll(async () => {
    redis = await OwnRedis.start();
    product = await Product.create({ REDIS_URL: redis.url });
    await product.start('--no-sim');
    for (const number of [1, 2]) drivers.push(await register(product, number));
    const [http, ocpp] = [await freePort(), await freePort()];
    [apiB, ocppB] = [`http://127.0.0.1:${http}`, `ws://127.0.0.1:${ocpp}/ocpp`];
    csmsB = SecondProcess.beside(product, 'csms', { HTTP_PORT: String(http), OCPP_PORT: String(ocpp) });
    standby = SecondProcess.beside(product, 'settlement');
    await Promise.all([csmsB.says('"ready":true'), standby.says(STANDBY)]);
  }, STORY_MS_MAX);
  afterAll(async () => {
    await csmsB.kill();
    await standby.kill();
    await product.destroy();
    await redis.kill();
  }, STORY_MS_MAX);

  const driver = (index: number): Registered => drivers[index] ?? fail('no such driver');
  const fail = (why: string): never => {
    throw new Error(why);
  };
  const staff = (): string => product.tokenOf('operator', 'TELD');
  const connect = (base: string, { chargePointId, password }: Registered): Promise<WirePile> =>
    WirePile.connect(base, chargePointId, password);
  const ocppA = (): string => product.credentials.ocpp;
  const get = async (path: string, base?: string, token = staff()): Promise<unknown> =>
    (await product.api('GET', path, token, undefined, {}, base)).body;
  const sees = (base: string, { chargePointId }: Registered): Promise<unknown> =>
    until(
      `${chargePointId} is connected for ${base}`,
      () => get(`/v1/charge-points/${chargePointId}`, base),
      (pile) => (pile as { connected: boolean }).connected,
    );
  const command = async (base: string, { chargePointId }: Registered): Promise<CommandView> => {
    const path = `/v1/charge-points/${chargePointId}/commands`;
    const posted = await product.api('POST', path, staff(), { action: 'ClearCache', payload: {} }, {}, base);
    const { id } = posted.body as CommandView;
    return until(
      'the command ends',
      async () => (await get(`/v1/commands/${id}`, base)) as CommandView,
      ({ state }) => state !== 'queued' && state !== 'sent',
    );
  };
  const accepted = { state: 'accepted', result: { status: 'Accepted' } };
  const finalBills = async ({ evId }: Registered, count: number): Promise<void> => {
    const isFinal = (page: PageView<SessionView>): boolean =>
      page.data.length === count && page.data.every(({ settlement }) => settlement?.state === 'final');
    const read = async (): Promise<PageView<SessionView>> =>
      (await get(`/v1/sessions?evId=${evId}`, apiB)) as PageView<SessionView>;
    await until(`${count} sessions are final`, read, isFinal, PATIENCE_MS);
    const bills = await get(`/v1/bills?evId=${evId}`, apiB, product.tokenOf('finance', 'TELD'));
    expect((bills as PageView<BillView>).data).toHaveLength(count);
  };
  const kill = (service: 'csms' | 'settlement'): void => {
    process.kill(pidOf(service, product.pid, product.dataFolder) ?? fail(`no ${service} runs`), 'SIGKILL');
  };

  it(
    'a command asked of B goes to the pile at A and ends with its answer; the pile moves, and is found again',
    async () => {
      const older = await connect(ocppA(), driver(0));
      await sees(apiB, driver(0));
      expect(await command(apiB, driver(0))).toMatchObject(accepted);
      expect(older.received.map(([, , action]) => action)).toContain('ClearCache');

      const newer = await connect(ocppB, driver(0));
      expect(await older.closed).toBe(REPLACED);
      expect(await command(product.credentials.api, driver(0))).toMatchObject(accepted);
      expect(await command(apiB, driver(0))).toMatchObject(accepted);
      expect(newer.received.filter(([, , action]) => action === 'ClearCache')).toHaveLength(2);
      await newer.close();
    },
    STORY_MS_MAX,
  );

  it('who knocks at A is on the list of B', async () => {
    await expect(WirePile.connect(ocppA(), 'STRANGER', 'none')).rejects.toThrow('HTTP 401');
    const listed = (page: unknown): boolean =>
      (page as PageView<{ id: string }>).data.some(({ id }) => id === 'STRANGER');
    await until('the stranger is listed', () => get('/v1/pending-charge-points', apiB), listed);
  });

  it(
    'A is killed in the middle of a session: the pile goes on at B, with one bill',
    async () => {
      const pile = await connect(ocppA(), driver(1));
      await bootAndAuthorize(pile, driver(1).idTag);
      const seen = firstEvent(
        `${apiB}/v1/events?tail=100&chargePointId=${driver(1).chargePointId}`,
        staff(),
        'StartTransaction',
      );
      const transactionId = await startCharging(pile, driver(1).idTag);
      // The live log of B shows what A hears.
      await seen;
      kill('csms');
      await pile.closed;
      const again = await connect(ocppB, driver(1));
      await bootAndAuthorize(again, driver(1).idTag);
      expect(await command(apiB, driver(1))).toMatchObject(accepted);
      const stoppedAtMs = Date.now();
      await stopCharging(again, driver(1).idTag, transactionId, stoppedAtMs);
      await stopCharging(again, driver(1).idTag, transactionId, stoppedAtMs);
      await finalBills(driver(1), 1);
      await again.close();
    },
    STORY_MS_MAX,
  );

  it(
    'settlement is killed: the standby takes over, and settles each session once',
    async () => {
      expect(standby.hasSaid('"ready":true')).toBe(false);
      const pile = await connect(ocppB, driver(0));
      await bootAndAuthorize(pile, driver(0).idTag);
      await stopCharging(pile, driver(0).idTag, await startCharging(pile, driver(0).idTag));
      kill('settlement');
      await standby.says('"ready":true');
      await finalBills(driver(0), 1);
      await pile.close();
      const read = (): Promise<unknown> => get('/v1/ledger', apiB, product.tokenOf('supervisor', 'SUPERVISION'));
      const status = await until(
        'the ledger answers',
        read,
        (answer) => (answer as { supply?: unknown }).supply !== undefined,
      );
      expect(status as LedgerStatusView).toMatchObject({ supply: { conserved: true } });
    },
    STORY_MS_MAX,
  );
});

/** Resolves when the stream has brought an event that has the text. */
async function firstEvent(url: string, token: string, text: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  let heard = '';
  for await (const chunk of response.body ?? []) {
    heard += Buffer.from(chunk).toString('utf8');
    if (heard.includes(text)) return;
  }
  throw new Error(`the stream ended without ${text}`);
}
