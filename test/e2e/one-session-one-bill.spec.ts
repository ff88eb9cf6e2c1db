import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type {
  AccountView,
  BillView,
  ChargePointCredentialView,
  LedgerStatusView,
  PageView,
  ReconciliationView,
  SessionView,
} from '@tallywatt/contracts';
import { WirePile } from '../support/ocpp-wire.js';
import { Product, runCommand, until } from '../support/product.js';

const STORY_MS_MAX = 180_000;
const HALF_HOUR_MS = 1_800_000;

/** The whole way once: one pile, one session, one bill, one matched line; then a second start finds it all. */
describe('one session becomes one bill', () => {
  let product: Product;
  beforeAll(async () => {
    product = await Product.create();
    await product.start('--no-sim');
  }, STORY_MS_MAX);
  afterAll(() => product.destroy(), STORY_MS_MAX);

  const staff = (): string => product.tokenOf('operator', 'TELD');
  const finance = (): string => product.tokenOf('finance', 'TELD');
  const session = { id: '', evId: '', password: '', totalMinor: '' };
  const startedAt = new Date(Date.now() - HALF_HOUR_MS).toISOString();
  const endedAt = new Date(Date.now() - 1_000).toISOString();

  it('registers station, pile and driver', async () => {
    const station = {
      stationId: 'TELD-1',
      operatorId: 'TELD',
      name: 'Under test',
      peerNode: 'TELD-peer0',
      tariffId: 'TELD-TOU',
      timeZone: 'Asia/Shanghai',
      latitudeE6: 39_084_000,
      longitudeE6: 117_200_000,
      piles: [{ type: 'DC', count: 1 }],
    };
    expect(await product.api('POST', '/v1/stations', staff(), station)).toMatchObject({ status: 201 });
    const pile = {
      id: 'CP-1',
      operatorId: 'TELD',
      stationId: 'TELD-1',
      connectors: [{ connectorId: 1, ratedPowerW: 120_000, type: 'DC' }],
      simulated: true,
    };
    const registered = await product.api('POST', '/v1/charge-points', staff(), pile);
    expect(registered).toMatchObject({ status: 201, body: { id: 'CP-1' } });
    session.password = (registered.body as ChargePointCredentialView).password;
    const opened = await product.api('POST', '/v1/accounts', staff(), {
      operatorId: 'TELD',
      idTags: [{ idTag: 'TAG-1' }],
    });
    expect(opened.status).toBe(201);
    session.evId = (opened.body as { evId: string }).evId;
    const deposit = await product.api(
      'POST',
      `/v1/accounts/${session.evId}/deposits`,
      finance(),
      { amountMinor: '10000' },
      { 'idempotency-key': 'deposit-1' },
    );
    expect(deposit.status).toBeLessThan(300);
  });

  it('takes a session of 26.4 kWh from the pile', async () => {
    const pile = await WirePile.connect(product.credentials.ocpp, 'CP-1', session.password);
    expect((await pile.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }))[2]).toMatchObject({
      status: 'Accepted',
    });
    const authorized = () => pile.call('Authorize', { idTag: 'TAG-1' });
    await until(
      'the driver is known',
      authorized,
      (frame) => (frame[2] as { idTagInfo: { status: string } }).idTagInfo.status === 'Accepted',
    );
    const started = await pile.call('StartTransaction', {
      connectorId: 1,
      idTag: 'TAG-1',
      meterStart: 1_000,
      timestamp: startedAt,
    });
    expect(started).toMatchObject([
      3,
      expect.any(String),
      { idTagInfo: { status: 'Accepted' }, transactionId: expect.any(Number) },
    ]);
    const { transactionId } = started[2] as { transactionId: number };
    const stop = { transactionId, idTag: 'TAG-1', meterStop: 27_400, timestamp: endedAt, reason: 'Local' };
    expect(await pile.call('StopTransaction', stop)).toEqual([
      3,
      expect.any(String),
      { idTagInfo: { status: 'Accepted' } },
    ]);
    await pile.close();
  });

  it('settles it on the ledger', async () => {
    const read = async (): Promise<SessionView | undefined> =>
      ((await product.api('GET', '/v1/sessions', staff())).body as PageView<SessionView>).data[0];
    const settled = await until('the session is final', read, (view) => view?.settlement?.state === 'final');
    expect(settled).toMatchObject({
      chargePointId: 'CP-1',
      evId: session.evId,
      status: 'closed',
      energyWh: 26_400,
      holdReason: null,
    });
    session.id = settled?.id ?? '';
    session.totalMinor = settled?.settlement?.total?.minor ?? '';
  });

  it('gives the driver a bill that adds up and verifies', async () => {
    const answer = await product.api('GET', `/v1/bills/${session.id}`, finance());
    const bill = answer.body as BillView;
    const feesMinor = bill.lines.reduce(
      (sum, line) => sum + BigInt(line.electricityFee.minor) + BigInt(line.serviceFee.minor),
      0n,
    );
    expect(bill).toMatchObject({
      id: session.id,
      energyWh: 26_400,
      evId: session.evId,
      total: { minor: session.totalMinor },
    });
    expect(feesMinor).toBe(BigInt(session.totalMinor));
    expect(await product.api('GET', `/v1/bills/${session.id}/verify`, finance())).toMatchObject({ status: 200 });
    const account = (await product.api('GET', `/v1/accounts/${session.evId}`, finance())).body as AccountView;
    expect(BigInt(account.balance.minor)).toBe(10_000n - feesMinor);
    expect([account.creditSum, account.creditCount]).toEqual(feesMinor <= 10_000n ? [1, 1] : [-1, 1]);
  });

  it('matches charger, job and bill', async () => {
    const period = { from: '2026-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    const created = await product.api('POST', '/v1/reconciliations', finance(), period);
    expect(created.status).toBeLessThan(300);
    const { id } = created.body as ReconciliationView;
    const read = async () =>
      (await product.api('GET', `/v1/reconciliations/${id}`, finance())).body as ReconciliationView;
    const run = await until('the reconciliation ends', read, ({ state }) => state === 'done');
    expect(run).toMatchObject({ matched: 1, breaks: 0, quarantined: 0, inFlight: 0 });
    expect(
      [run.evidence, run.jobs, run.bills].map(({ count, energyWh, amount }) => [count, energyWh, amount.minor]),
    ).toEqual(Array.from({ length: 3 }, () => [1, 26_400, session.totalMinor]));
  });

  it('keeps money and chain whole', async () => {
    const supervisor = product.tokenOf('supervisor', 'SUPERVISION');
    const status = (await product.api('GET', '/v1/ledger', supervisor)).body as LedgerStatusView;
    expect(status).toMatchObject({ mode: 'embedded', supply: { conserved: true } });
    const verified = await runCommand('deploy/local/ledger.mjs', ['verify', '--data', product.dataFolder], 60_000);
    expect(verified).toMatchObject({ code: 0 });
  });

  it(
    'ends with Ctrl-C and finds everything at the second start',
    async () => {
      expect(await product.stop()).toBe(0);
      await product.start('--no-sim');
      const again = await product.api('GET', `/v1/bills/${session.id}`, finance());
      expect(again).toMatchObject({ status: 200, body: { total: { minor: session.totalMinor } } });
    },
    STORY_MS_MAX,
  );
});
