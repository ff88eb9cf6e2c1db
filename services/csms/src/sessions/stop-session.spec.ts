import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CANDIDATES_MAX } from '../persistence/session-queries.js';
import type { ChargePoint } from '../piles/charge-point.js';
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

async function started(
  changes: object = {},
  pile: Partial<ChargePoint> = {},
): Promise<{ cp: ChargePoint; transactionId: number; idTag: string }> {
  const cp = await names.pile(pile);
  const idTag = await names.tag();
  const { transactionId } = await fixture.start(cp, startPayload({ idTag, ...changes }));
  return { cp, transactionId, idTag };
}

describe('a session from Start to Stop', () => {
  it('is stored with frames, samples, events and exactly one settlement request', async () => {
    const { cp, transactionId, idTag } = await started();
    await fixture.meter(
      cp,
      meterPayload(transactionId, [
        [-40, 3000],
        [-20, 6000],
      ]),
    );
    const answer = await fixture.stop(cp, stopPayload(transactionId, { idTag, reason: 'Local' }));
    expect(answer).toEqual({ idTagInfo: { status: 'Accepted' } });

    const [fact, ...others] = await fixture.facts(cp.chargePointId);
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      revision: 1,
      operator_id: 'TELD',
      station_id: 'TELD-1',
      connector_id: 1,
      transaction_id: transactionId,
      ev_id: `EV-${idTag}`,
      user_operator_id: 'STAR',
      meter_start_wh: '1000',
      meter_stop_wh: '8000',
      started_at: new Date(at(-60)),
      ended_at: new Date(at(-10)),
      stop_reason: 'Local',
      readings: [
        [Date.parse(at(-40)), 3000],
        [Date.parse(at(-20)), 6000],
      ],
      close_kind: 'stopped',
      hold_reason: null,
      hold_until: null,
    });
    const [session] = await fixture.sessions(cp.chargePointId);
    expect(session).toMatchObject({ session_id: fact?.['settlement_id'], status: 'closed', revision: 1, version: 2 });
    const kinds = await fixture.rows('select kind from csms.session_event where session_id = $1 order by seq', [
      session?.['session_id'],
    ]);
    expect(kinds.map(({ kind }) => kind)).toEqual(['started', 'meter', 'stopped']);
  });

  it('has an evidence hash that the stored frames alone reproduce', async () => {
    const { cp, transactionId } = await started();
    await fixture.meter(cp, meterPayload(transactionId, [[-40, 3000]]));
    await fixture.meter(cp, meterPayload(transactionId, [[-40, 3000]]));
    await fixture.stop(cp, stopPayload(transactionId));
    await fixture.meter(cp, meterPayload(transactionId, [[-9, 8000]]));
    const [row] = await fixture.rows(
      `select f.evidence_sha256 = encode(sha256((select string_agg(sha256(raw), '' order by seq) from csms.session_frame s
         where s.session_id = f.settlement_id::uuid and s.is_evidence)), 'hex') as same,
         (select count(*)::int from csms.session_frame s where s.session_id = f.settlement_id::uuid) as frames
       from csms.settlement_fact f where charge_point_id = $1`,
      [cp.chargePointId],
    );
    expect(row).toEqual({ same: true, frames: 5 });
  });

  it('with zero energy is a normal bill', async () => {
    const { cp, transactionId } = await started();
    await fixture.stop(cp, stopPayload(transactionId, { meterStop: 1000 }));
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([{ meter_stop_wh: '1000', hold_reason: null }]);
  });
});

describe('a retried StopTransaction', () => {
  it('gets the same answer and counts nothing twice', async () => {
    const { cp, transactionId, idTag } = await started();
    const payload = stopPayload(transactionId, { idTag });
    const first = await fixture.stop(cp, payload, { messageId: 'a' });
    expect(await fixture.stop(cp, payload, { messageId: 'a' })).toEqual(first);
    expect(await fixture.stop(cp, payload, { messageId: 'b' })).toEqual(first);
    expect(await Promise.all([fixture.stop(cp, payload), fixture.stop(cp, payload)])).toEqual([first, first]);
    expect(
      await fixture.rows('select revision from csms.settlement_request where charge_point_id = $1', [cp.chargePointId]),
    ).toEqual([{ revision: 1 }]);
  });

  it('in parallel with itself closes once', async () => {
    const { cp, transactionId } = await started();
    await Promise.all(Array.from({ length: 6 }, () => fixture.stop(cp, stopPayload(transactionId))));
    expect(await fixture.facts(cp.chargePointId)).toHaveLength(1);
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([{ version: 2 }]);
  });

  it('with other content is acknowledged and audited; the first stands', async () => {
    const { cp, transactionId } = await started();
    await fixture.stop(cp, stopPayload(transactionId));
    expect(await fixture.stop(cp, stopPayload(transactionId, { meterStop: 9000 }))).toEqual({});
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([{ revision: 1, meter_stop_wh: '8000' }]);
    expect(
      await fixture.rows("select data from csms.session_event where charge_point_id = $1 and kind = 'stop_differs'", [
        cp.chargePointId,
      ]),
    ).toMatchObject([{ data: { meterStopWh: 9000 } }]);
  });
});

describe('a StopTransaction with an id that is not the session’s', () => {
  it.each([[-1], [0], [2_000_000_000]])(
    '%d is answered as valid and matched to the single fitting session',
    async (reported) => {
      const { cp, transactionId, idTag } = await started();
      expect(await fixture.stop(cp, stopPayload(reported, { idTag }))).toEqual({});
      expect(await fixture.facts(cp.chargePointId)).toMatchObject([
        { transaction_id: transactionId, hold_reason: null },
      ]);
      expect(await fixture.stop(cp, stopPayload(reported, { idTag }), { messageId: 'again' })).toEqual({});
      expect(await fixture.facts(cp.chargePointId)).toHaveLength(1);
    },
  );

  it.each([
    ['the tag', { idTag: 'other' }],
    ['the meter', { meterStop: 999 }],
    ['the time', { timestamp: at(-61) }],
  ])('is not matched when %s does not fit', async (_what, changes) => {
    const { cp } = await started();
    await fixture.stop(cp, stopPayload(-1, changes));
    expect(await fixture.facts(cp.chargePointId)).toEqual([]);
    expect(
      await fixture.rows('select state from csms.orphan_stop where charge_point_id = $1', [cp.chargePointId]),
    ).toEqual([{ state: 'parked' }]);
  });

  it('is not matched when two sessions fit', async () => {
    const { cp } = await started();
    await fixture.start(cp, startPayload({ idTag: await names.tag(), connectorId: 2 }));
    await fixture.stop(cp, stopPayload(0));
    expect(await fixture.facts(cp.chargePointId)).toEqual([]);
  });

  it(`looks at the newest CANDIDATES_MAX sessions that await a Stop`, async () => {
    const cp = await names.pile();
    const idTag = await names.tag();
    for (let index = 0; index <= CANDIDATES_MAX; index++) {
      await fixture.start(cp, startPayload({ idTag, meterStart: 1000 + index, timestamp: at(index - 100) }));
      fixture.clock.now += 1000;
    }
    fixture.clock.now = NOON_MS;
    const known = await fixture.repository.forStop({
      chargePointId: cp.chargePointId,
      transactionId: -1,
      stopKey: 'ab',
      endedAtMs: NOON_MS,
      candidatesSinceMs: 0,
    });
    expect(known.candidates).toHaveLength(CANDIDATES_MAX);
    expect(known.candidates.map(({ session }) => session.meterStartWh)).not.toContain(1000);
  });

  it('never stops another pile’s session: every pile × every other pile’s id', async () => {
    const own = await Promise.all([started(), started(), started()]);
    for (const { cp } of own) {
      for (const other of own)
        if (other.cp !== cp)
          expect(await fixture.stop(cp, stopPayload(other.transactionId, { idTag: 'stranger' }))).toEqual({});
    }
    for (const { cp } of own) {
      expect(await fixture.sessions(cp.chargePointId)).toMatchObject([{ status: 'open' }]);
      const orphans = await fixture.rows('select state, hold_reason from csms.orphan_stop where charge_point_id = $1', [
        cp.chargePointId,
      ]);
      expect(orphans).toEqual([
        { state: 'held', hold_reason: 'orphan_stop' },
        { state: 'held', hold_reason: 'orphan_stop' },
      ]);
    }
  });
});

describe('what is not credible is held with its reason', () => {
  it.each([
    ['a meter that ran back', { meterStop: 999 }, 'meter_rollback'],
    ['a negative meter', { meterStop: -5 }, 'meter_out_of_range'],
    ['more than the connector can deliver', { meterStop: 1000 + 22_449 }, 'implausible_power'],
    ['exactly what it can deliver', { meterStop: 1000 + 22_440 }, null],
    ['an end before the start', { meterStop: 1000, timestamp: at(-61) }, 'end_before_start'],
  ])('%s', async (_what, changes, hold) => {
    const { cp, transactionId } = await started();
    await fixture.stop(cp, stopPayload(transactionId, { timestamp: at(-10), ...changes }));
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([{ hold_reason: hold }]);
  });

  it('a meter beyond 2^53 has no value that could be billed', async () => {
    const { cp, transactionId } = await started();
    await fixture.stop(cp, stopPayload(transactionId, { meterStop: 2 ** 53 }), {
      schemaValid: false,
      flags: ['unsafe_number'],
    });
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([
      { hold_reason: 'meter_out_of_range', meter_stop_wh: null },
    ]);
  });

  it('readings that fall', async () => {
    const { cp, transactionId } = await started();
    await fixture.meter(
      cp,
      meterPayload(transactionId, [
        [-40, 5000],
        [-20, 4000],
      ]),
    );
    await fixture.stop(cp, stopPayload(transactionId));
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([{ hold_reason: 'readings_fall' }]);
  });

  it('two sessions that share time on a connector: the one whose Stop shows it', async () => {
    const { cp, transactionId } = await started();
    await fixture.stop(cp, stopPayload(transactionId));
    const stop = async (from: number, to: number, connectorId = 1): Promise<unknown> => {
      const { transactionId: id } = await fixture.start(
        cp,
        startPayload({ idTag: await names.tag(), connectorId, timestamp: at(from), meterStart: 8000 }),
      );
      await fixture.stop(cp, stopPayload(id, { timestamp: at(to), meterStop: 9000 }));
      return (await fixture.facts(cp.chargePointId)).find((fact) => fact['transaction_id'] === id)?.['hold_reason'];
    };
    expect(await stop(-11, -5)).toBe('session_overlap');
    expect(await stop(-70, -60)).toBeNull();
    expect(await stop(-5, 0)).toBeNull();
    expect(await stop(-30, -20, 2)).toBeNull();
    expect(await stop(-100, -90)).toBeNull();
    expect(await stop(-9, -4)).toBe('session_overlap');
  });

  it('a live pile’s session that is older than 30 days, and no recorded pile’s', async () => {
    const days = (count: number): string => at(-count * 24 * 60);
    for (const [clock, hold] of [
      ['live', 'too_old'],
      ['recorded', null],
    ] as const) {
      const { cp, transactionId } = await started(
        { timestamp: days(31.5) },
        { clock, simulated: clock === 'recorded' },
      );
      await fixture.stop(cp, stopPayload(transactionId, { timestamp: days(31) }));
      expect(await fixture.facts(cp.chargePointId)).toMatchObject([
        { hold_reason: hold, started_at: new Date(days(31.5)) },
      ]);
    }
  });

  it('a clock that is 10 minutes ahead is replaced by the time of arrival, and still measures the duration', async () => {
    const { cp, transactionId } = await started({ timestamp: at(60 * 24 * 365) });
    await fixture.stop(cp, stopPayload(transactionId, { timestamp: at(60 * 24 * 365 + 20), meterStop: 8000 }));
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([
      { started_at: new Date(NOON_MS), ended_at: new Date(NOON_MS), hold_reason: null },
    ]);
    expect(await fixture.sessions(cp.chargePointId)).toMatchObject([
      { reported_start_at: new Date(at(60 * 24 * 365)) },
    ]);
  });
});

describe('a StopTransaction before its StartTransaction', () => {
  it('waits with its readings and ends the session that starts later; the same as in order', async () => {
    const cp = await names.pile();
    const idTag = await names.tag();
    await fixture.stop(cp, stopPayload(-1, { idTag, reason: 'EVDisconnected' }));
    await fixture.meter(cp, meterPayload(-1, [[-40, 3000]]));
    expect(await fixture.stop(cp, stopPayload(-1, { idTag, reason: 'EVDisconnected' }))).toEqual({});
    const { transactionId } = await fixture.start(cp, startPayload({ idTag }));
    expect(await fixture.facts(cp.chargePointId)).toMatchObject([
      {
        transaction_id: transactionId,
        meter_stop_wh: '8000',
        hold_reason: null,
        readings: [[Date.parse(at(-40)), 3000]],
        stop_reason: 'EVDisconnected',
      },
    ]);
    expect(await fixture.rows('select state from csms.orphan where charge_point_id = $1', [cp.chargePointId])).toEqual([
      { state: 'matched' },
      { state: 'matched' },
    ]);
    const [same] = await fixture.rows(
      `select evidence_sha256 = encode(sha256((select string_agg(sha256(raw), '' order by seq) from csms.session_frame s
         where s.session_id = f.settlement_id::uuid and s.is_evidence)), 'hex') as same from csms.settlement_fact f where charge_point_id = $1`,
      [cp.chargePointId],
    );
    expect(same).toEqual({ same: true });
  });
});
