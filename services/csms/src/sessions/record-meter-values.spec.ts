import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { meterPayload, Names, SessionFixture, startPayload, stopPayload } from './testing/session-fixture.js';

let fixture: SessionFixture;
const names = new Names(() => fixture);
beforeAll(async () => {
  fixture = await SessionFixture.create();
});
afterAll(() => fixture.destroy());

const samples = (chargePointId: string) =>
  fixture.rows(
    'select session_id is not null as has_session, register_wh from csms.meter_value where charge_point_id = $1 order by meter_value_id',
    [chargePointId],
  );

describe('MeterValues', () => {
  it('of a session are kept once, however often they come', async () => {
    const cp = await names.pile();
    const { transactionId } = await fixture.start(cp, startPayload({ idTag: await names.tag() }));
    for (const messageId of ['a', 'a', 'b'])
      await fixture.meter(cp, meterPayload(transactionId, [[-40, 3000]]), { messageId });
    expect(await samples(cp.chargePointId)).toEqual([{ has_session: true, register_wh: '3000' }]);
    expect(
      await fixture.rows(
        "select count(*)::int as n from csms.frame where charge_point_id = $1 and action = 'MeterValues'",
        [cp.chargePointId],
      ),
    ).toEqual([{ n: 3 }]);
  });

  it.each([[undefined], [-1], [0]])(
    'with transactionId %s belong to what runs on the connector',
    async (transactionId) => {
      const cp = await names.pile();
      await fixture.start(cp, startPayload({ idTag: await names.tag() }));
      await fixture.meter(cp, meterPayload(transactionId, [[-40, 3000]]));
      await fixture.meter(cp, meterPayload(transactionId, [[-40, 3000]], { connectorId: 2 }));
      expect((await samples(cp.chargePointId))[0]).toEqual({ has_session: true, register_wh: '3000' });
    },
  );

  it('after the Stop are kept and change nothing', async () => {
    const cp = await names.pile();
    const { transactionId } = await fixture.start(cp, startPayload({ idTag: await names.tag() }));
    await fixture.stop(cp, stopPayload(transactionId));
    const before = await fixture.facts(cp.chargePointId);
    await fixture.meter(cp, meterPayload(transactionId, [[-40, 3000]]));
    expect(await fixture.facts(cp.chargePointId)).toEqual(before);
    expect(await samples(cp.chargePointId)).toHaveLength(1);
  });

  it('with another pile’s id never reach that session', async () => {
    const [victim, attacker] = await Promise.all([names.pile(), names.pile()]);
    const { transactionId } = await fixture.start(victim, startPayload({ idTag: await names.tag() }));
    await fixture.start(attacker, startPayload({ idTag: await names.tag() }));
    await fixture.meter(attacker, meterPayload(transactionId, [[-40, 3000]]));
    expect(await samples(victim.chargePointId)).toEqual([]);
    expect(await samples(attacker.chargePointId)).toEqual([]);
    expect(
      await fixture.rows('select state from csms.orphan where charge_point_id = $1', [attacker.chargePointId]),
    ).toEqual([{ state: 'parked' }]);
  });

  it.each([
    ['nothing', {}],
    ['no list', { connectorId: 1, meterValue: 'x' }],
    [
      'a list of rubbish',
      {
        connectorId: 1,
        transactionId: 1e308,
        meterValue: [null, 1, { sampledValue: [null, { value: {} }, { value: 'NaN' }] }],
      },
    ],
    [
      'NUL and lone surrogates',
      { connectorId: 1, meterValue: [{ sampledValue: [{ value: '\u0000\udfff', unit: '\ud800' }] }] },
    ],
  ])('with %s are kept as a frame and answered', async (_what, payload) => {
    const cp = await names.pile();
    await fixture.meter(cp, payload, { schemaValid: false });
    expect(await fixture.rows('select action from csms.frame where charge_point_id = $1', [cp.chargePointId])).toEqual([
      { action: 'MeterValues' },
    ]);
  });
});
