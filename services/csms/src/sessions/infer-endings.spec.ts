import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChargePoint } from '../piles/charge-point.js';
import { INFERRED_HOLD_MS } from './ending.js';
import { AVAILABLE_GRACE_MS, OFFLINE_MS_MAX, SWEEP_ITEMS_MAX } from './infer-endings.js';
import { PARKED_MS_MAX } from './orphans.js';
import {
  at,
  meterPayload,
  Names,
  NOON_MS,
  SessionFixture,
  startPayload,
  stopPayload,
} from './testing/session-fixture.js';

let fixture: SessionFixture;
const names = new Names(() => fixture);
beforeAll(async () => {
  fixture = await SessionFixture.create();
});
afterAll(() => fixture.destroy());
afterEach(() => {
  fixture.clock.now = NOON_MS;
});

async function running(
  readings: readonly (readonly [number, number])[] = [[-40, 3000]],
): Promise<{ cp: ChargePoint; transactionId: number }> {
  const cp = await names.pile();
  const { transactionId } = await fixture.start(cp, startPayload({ idTag: await names.tag() }));
  if (readings.length > 0) await fixture.meter(cp, meterPayload(transactionId, readings));
  return { cp, transactionId };
}

async function nextStart(cp: ChargePoint): Promise<void> {
  await fixture.start(cp, startPayload({ idTag: await names.tag(), timestamp: at(-1), meterStart: 9000 }));
}
async function available(cp: ChargePoint): Promise<void> {
  await fixture.pool.query(
    `insert into csms.connector_status (charge_point_id, connector_id, status, error_code, status_at, received_at) values ($1, 1, 'Available', 'NoError', $2, $2)`,
    [cp.chargePointId, new Date(NOON_MS + 1000)],
  );
  fixture.clock.now = NOON_MS + 1000 + AVAILABLE_GRACE_MS + 1;
  await fixture.endings.sweep();
}
async function boot(cp: ChargePoint): Promise<void> {
  await fixture.endings.afterBoot(cp, NOON_MS);
}
async function offline(cp: ChargePoint): Promise<void> {
  await fixture.pool.query('update csms.charge_point set last_seen_at = $2 where charge_point_id = $1', [
    cp.chargePointId,
    new Date(NOON_MS),
  ]);
  fixture.clock.now = NOON_MS + OFFLINE_MS_MAX + 1;
  await fixture.endings.sweep();
}
const WAYS = [
  ['next_start', nextStart],
  ['available', available],
  ['boot', boot],
  ['offline', offline],
] as const;

describe.each(WAYS)('a missing StopTransaction, concluded from %s', (cause, conclude) => {
  it('takes the last reading as the end and waits 24 h for the real Stop', async () => {
    const { cp, transactionId } = await running([
      [-40, 3000],
      [-20, 6000],
    ]);
    await conclude(cp);
    const concludedAtMs = fixture.clock.now;
    expect((await fixture.facts(cp.chargePointId))[0]).toMatchObject({
      transaction_id: transactionId,
      close_kind: 'inferred',
      stop_reason: `inferred:${cause}`,
      meter_stop_wh: '6000',
      ended_at: new Date(at(-20)),
      hold_reason: 'inferred_stop',
      hold_until: new Date(concludedAtMs + INFERRED_HOLD_MS),
      revision: 1,
    });
  });

  it('without a reading is held for a person', async () => {
    const { cp } = await running([]);
    await conclude(cp);
    const [fact] = await fixture.facts(cp.chargePointId);
    expect(fact).toMatchObject({ hold_reason: 'unknown_energy', hold_until: null, meter_stop_wh: null });
    expect(Number(fact?.['ended_at'])).toBeGreaterThanOrEqual(Number(fact?.['started_at']));
  });

  it('gets its real Stop afterwards as a second revision, once', async () => {
    const { cp, transactionId } = await running();
    await conclude(cp);
    await fixture.meter(cp, meterPayload(transactionId, [[-15, 7000]]));
    await fixture.stop(cp, stopPayload(transactionId));
    await fixture.stop(cp, stopPayload(transactionId));
    const revisions = await fixture.rows(
      'select revision, hold_reason from csms.settlement_request where transaction_id = $1 order by revision',
      [transactionId],
    );
    expect(revisions).toEqual([
      { revision: 1, hold_reason: 'inferred_stop' },
      { revision: 2, hold_reason: null },
    ]);
    const fact = (await fixture.facts(cp.chargePointId)).find((row) => row['transaction_id'] === transactionId);
    expect(fact).toMatchObject({
      revision: 2,
      close_kind: 'stopped',
      meter_stop_wh: '8000',
      ended_at: new Date(at(-10)),
    });
    expect(fact?.['readings']).toHaveLength(2);
  });

  it('finds it too when the pile never learned its id', async () => {
    const { cp, transactionId } = await running();
    const [session] = await fixture.sessions(cp.chargePointId);
    await conclude(cp);
    await fixture.stop(cp, stopPayload(-1, { idTag: session?.['id_tag'] }));
    expect(
      await fixture.rows('select max(revision) as revision from csms.settlement_request where transaction_id = $1', [
        transactionId,
      ]),
    ).toEqual([{ revision: 2 }]);
  });
});

describe('what is not concluded', () => {
  it('nothing within the grace time, of a connected pile, or for a status from before the start', async () => {
    const { cp } = await running();
    await fixture.pool.query(
      `insert into csms.connector_status (charge_point_id, connector_id, status, error_code, status_at, received_at) values ($1, 1, 'Available', 'NoError', $2, $2)`,
      [cp.chargePointId, new Date(NOON_MS - 1)],
    );
    await fixture.pool.query('update csms.charge_point set connected = true where charge_point_id = $1', [
      cp.chargePointId,
    ]);
    fixture.clock.now = NOON_MS + OFFLINE_MS_MAX + 1;
    await fixture.endings.sweep();
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([{ status: 'open' }]);
    await fixture.pool.query('update csms.connector_status set received_at = $2 where charge_point_id = $1', [
      cp.chargePointId,
      new Date(fixture.clock.now - AVAILABLE_GRACE_MS + 1000),
    ]);
    await fixture.endings.sweep();
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([{ status: 'open' }]);
  });

  it('an implausible last reading is no bill after 24 h either', async () => {
    const { cp } = await running([[-40, 900_000]]);
    await boot(cp);
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([
      { hold_reason: 'implausible_power', hold_until: null },
    ]);
  });

  it('a refused session without energy ends without a request', async () => {
    const cp = await names.pile();
    await fixture.start(cp, startPayload({ idTag: 'nobody' }));
    await boot(cp);
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([{ status: 'refused', close_kind: 'inferred' }]);
    expect(await fixture.facts(cp.chargePointId)).toEqual([]);
  });
});

describe('messages whose Start never came', () => {
  it('are parked for 24 h; then the Stop waits for a person, the readings are kept without a session', async () => {
    const cp = await names.pile();
    await fixture.stop(cp, stopPayload(-1));
    await fixture.meter(cp, meterPayload(-1, [[-40, 3000]]));
    fixture.clock.now = NOON_MS + PARKED_MS_MAX - 1;
    await fixture.endings.sweep();
    const states = () =>
      fixture.rows('select action, state, hold_reason from csms.orphan where charge_point_id = $1 order by orphan_id', [
        cp.chargePointId,
      ]);
    expect(await states()).toMatchObject([{ state: 'parked' }, { state: 'parked' }]);
    fixture.clock.now = NOON_MS + PARKED_MS_MAX + 1;
    await fixture.endings.sweep();
    expect(await states()).toEqual([
      { action: 'StopTransaction', state: 'held', hold_reason: 'orphan_stop' },
      { action: 'MeterValues', state: 'dropped', hold_reason: null },
    ]);
    expect(
      await fixture.rows('select session_id, register_wh from csms.meter_value where charge_point_id = $1', [
        cp.chargePointId,
      ]),
    ).toEqual([{ session_id: null, register_wh: '3000' }]);
    await fixture.start(cp, startPayload({ idTag: await names.tag() }));
    expect(await fixture.facts(cp.chargePointId)).toEqual([]);
  });

  it(`are swept ${SWEEP_ITEMS_MAX} at a time`, async () => {
    const cp = await names.pile();
    await Promise.all(
      Array.from({ length: SWEEP_ITEMS_MAX + 1 }, (_, index) =>
        fixture.stop(cp, stopPayload(-1, { meterStop: index })),
      ),
    );
    fixture.clock.now = NOON_MS + PARKED_MS_MAX + 1;
    expect(await fixture.endings.sweep()).toBe(SWEEP_ITEMS_MAX);
    expect(await fixture.endings.sweep()).toBe(1);
    expect(await fixture.endings.sweep()).toBe(0);
  });
});
